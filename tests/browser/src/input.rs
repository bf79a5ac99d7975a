//! Mouse and keys, as the browser gets them from the system.

use std::time::Instant;

use serde_json::{Value, json};

use crate::Page;
use crate::page::{PATIENCE, quoted};

/// For how many frames an element has to stay where it is.
const FRAMES: u32 = 3;

impl Page<'_> {
    /// Clicks on the middle of the first such element, once it is there and at rest; whatever covers
    /// it would get the click, so that is a failure. A page that draws the element anew between the
    /// button's going down and up takes the click away: then, as a person would, it is done again.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let start = Instant::now();
        loop {
            let (x, y) = self.middle(css);
            let watch = format!(
                "(it => {{ const hit = document.elementFromPoint({x}, {y}); \
                 if (!hit || !(it.contains(hit) || hit.contains(it))) \
                   return String(hit?.outerHTML).slice(0, 200); \
                 window.wasClicked = false; \
                 addEventListener('click', event => {{ \
                   window.wasClicked = it.contains(event.target) || hit.contains(event.target) \
                 }}, {{ capture: true, once: true }}); \
                 return null }})(document.querySelector({}))",
                quoted(css)
            );
            if let Value::String(other) = self.eval(&watch) {
                self.fail(&format!("`{css}` is covered by {other}"));
            }
            self.click_at(x, y);
            // Another document doesn't know of it, and came by the click.
            if self.eval("window.wasClicked ?? true") == Value::Bool(true) {
                return;
            }
            if PATIENCE < start.elapsed() {
                self.fail(&format!("`{css}` doesn't get the click"));
            }
        }
    }

    /// Clicks on a point of the window.
    #[track_caller]
    pub fn click_at(&self, x: f64, y: f64) {
        self.mouse("mouseMoved", x, y, &json!({}));
        self.mouse(
            "mousePressed",
            x,
            y,
            &json!({ "button": "left", "buttons": 1, "clickCount": 1 }),
        );
        self.mouse("mouseReleased", x, y, &json!({ "button": "left", "clickCount": 1 }));
    }

    /// Moves the pointer over the first such element.
    #[track_caller]
    pub fn hover(&self, css: &str) {
        let (x, y) = self.middle(css);
        self.mouse("mouseMoved", x, y, &json!({}));
    }

    /// Turns the wheel over the middle of the first such element; downward is positive.
    #[track_caller]
    pub fn wheel(&self, css: &str, down: f64) {
        let (x, y) = self.middle(css);
        self.mouse("mouseMoved", x, y, &json!({}));
        self.mouse("mouseWheel", x, y, &json!({ "deltaX": 0, "deltaY": down }));
    }

    /// Drags from one point of the window to another, in some steps.
    #[track_caller]
    pub fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let held = json!({ "button": "left", "buttons": 1, "clickCount": 1 });
        self.mouse("mouseMoved", from.0, from.1, &json!({}));
        self.mouse("mousePressed", from.0, from.1, &held);
        for step in 1..=5 {
            let part = f64::from(step) / 5.0;
            let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            self.mouse("mouseMoved", x, y, &held);
        }
        self.mouse("mouseReleased", to.0, to.1, &json!({ "button": "left", "clickCount": 1 }));
    }

    /// Replaces what stands in a field by what is typed.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        self.wait_for(css);
        self.on(
            css,
            "(it.focus(), it.select ? it.select() : getSelection().selectAllChildren(it))",
        );
        if text.is_empty() {
            self.press("Delete");
        } else {
            self.call("Input.insertText", &json!({ "text": text }));
        }
    }

    /// Presses a key by its name, e.g. `Enter`, `Tab`, `Escape`, `ArrowDown`, `a`, `/`, `Shift+Tab`.
    #[track_caller]
    pub fn press(&self, key: &str) {
        let (held, key) = key.rsplit_once('+').filter(|it| !it.0.is_empty()).unwrap_or(("", key));
        let bit = |name, bit| if held.split('+').any(|it| it == name) { bit } else { 0 };
        let modifiers = bit("Alt", 1) + bit("Control", 2) + bit("Meta", 4) + bit("Shift", 8);
        let text = match key {
            "Enter" => "\r",
            "Space" => " ",
            _ if key.chars().count() == 1 => key,
            _ => "",
        };
        let key = if key == "Space" { " " } else { key };
        let mut down = json!({
            "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" },
            "key": key,
            "modifiers": modifiers,
            "windowsVirtualKeyCode": code(key),
        });
        if !text.is_empty() && modifiers & !8 == 0 {
            down["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", &down);
        let up = json!({
            "type": "keyUp",
            "key": key,
            "modifiers": modifiers,
            "windowsVirtualKeyCode": code(key),
        });
        self.call("Input.dispatchKeyEvent", &up);
    }

    /// Returns the middle of the first such element within the window, once it is visible and has
    /// stayed where it is for some frames: what opens or moves would be missed.
    #[track_caller]
    pub fn middle(&self, css: &str) -> (f64, f64) {
        let start = Instant::now();
        loop {
            self.wait_for(css);
            let point = self.eval(&format!(
                "(async () => {{ const now = () => document.querySelector({0}); const it = now(); \
                 it?.scrollIntoView({{ block: 'nearest', inline: 'nearest', behavior: 'instant' }}); \
                 const place = () => {{ const box = it?.getBoundingClientRect(); \
                   return box && [box.x + box.width / 2, box.y + box.height / 2] }}; \
                 const first = place(); \
                 for (let frame = 0; frame < {FRAMES}; frame++) {{ \
                   await new Promise(requestAnimationFrame); \
                   if (now() !== it || String(place()) !== String(first)) return null; }} \
                 return first }})()",
                quoted(css)
            ));
            if let (Some(x), Some(y)) = (point[0].as_f64(), point[1].as_f64()) {
                return (x, y);
            }
            if PATIENCE < start.elapsed() {
                self.fail(&format!("`{css}` doesn't come to rest"));
            }
        }
    }

    #[track_caller]
    fn mouse(&self, kind: &str, x: f64, y: f64, more: &Value) {
        let mut event = json!({ "type": kind, "x": x, "y": y });
        if let (Some(event), Some(more)) = (event.as_object_mut(), more.as_object()) {
            event.extend(more.clone());
        }
        self.call("Input.dispatchMouseEvent", &event);
    }
}

/// Returns the number that Windows gives a key; what it does beside typing hangs on that.
fn code(key: &str) -> u32 {
    match key {
        "Backspace" => 8,
        "Tab" => 9,
        "Enter" => 13,
        "Escape" => 27,
        " " => 32,
        "PageUp" => 33,
        "PageDown" => 34,
        "End" => 35,
        "Home" => 36,
        "ArrowLeft" => 37,
        "ArrowUp" => 38,
        "ArrowRight" => 39,
        "ArrowDown" => 40,
        "Delete" => 46,
        _ => key.chars().next().map_or(0, |c| u32::from(c.to_ascii_uppercase())),
    }
}
