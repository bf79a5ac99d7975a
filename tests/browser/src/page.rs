//! A page: what it shows, what it says, what it asks for.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Browser;

/// How long something may take to appear on a machine that has much else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A page in a tab of its own, closed when it is dropped.
pub struct Page<'a> {
    browser: &'a Browser,
    target: String,
    session: String,
}

impl<'a> Page<'a> {
    #[track_caller]
    pub(crate) fn open(browser: &'a Browser, url: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let made = browser.call(None, "Target.createTarget", &json!({ "url": "about:blank" }));
        let target = text(&made["targetId"]);
        let attach = json!({ "targetId": target, "flatten": true });
        let attached = browser.call(None, "Target.attachToTarget", &attach);
        let page = Self { browser, target, session: text(&attached["sessionId"]) };
        for domain in ["Page", "Runtime", "Network", "Log"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page.size(1280, 800);
        page.go(url);
        page
    }

    /// Goes to another address, and waits until it is loaded.
    #[track_caller]
    pub fn go(&self, url: &str) {
        let answer = self.call("Page.navigate", &json!({ "url": url }));
        if let Some(problem) = answer["errorText"].as_str() {
            self.fail(&format!("`{url}` can't be opened: {problem}"));
        }
        self.wait_until("document.readyState === 'complete'");
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) {
        self.eval("window.isOfBefore = true");
        self.call("Page.reload", &json!({}));
        self.wait_until("!window.isOfBefore && document.readyState === 'complete'");
    }

    /// Returns the page's address.
    pub fn url(&self) -> String {
        self.eval("location.href").as_str().unwrap_or_default().to_owned()
    }

    /// Returns what an expression of JavaScript is; a promise is waited for.
    #[track_caller]
    pub fn eval(&self, javascript: &str) -> Value {
        match self.try_eval(javascript) {
            Ok(value) => value,
            Err(problem) => self.fail(&format!("`{javascript}`: {problem}")),
        }
    }

    fn try_eval(&self, javascript: &str) -> Result<Value, String> {
        let call = json!({
            "expression": javascript,
            "awaitPromise": true,
            "returnByValue": true,
            "userGesture": true,
        });
        let mut answer = self.browser.protocol.borrow_mut().call(
            Some(&self.session),
            "Runtime.evaluate",
            &call,
        )?;
        let problem = &answer["exceptionDetails"];
        if !problem.is_null() {
            let text = problem["exception"]["description"].as_str();
            return Err(text.map_or_else(|| problem["text"].to_string(), str::to_owned));
        }
        Ok(answer["result"]["value"].take())
    }

    /// Waits until an expression of JavaScript is true.
    #[track_caller]
    pub fn wait_until(&self, javascript: &str) {
        let start = Instant::now();
        loop {
            // Between two documents there is nothing to ask.
            let answer = self.try_eval(&format!("!!({javascript})"));
            if answer == Ok(Value::Bool(true)) {
                return;
            }
            if PATIENCE < start.elapsed() {
                let problem = answer.err().map(|it| format!(": {it}")).unwrap_or_default();
                self.fail(&format!("`{javascript}` doesn't become true{problem}"));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until an element is there and visible.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        self.wait_until(&format!(
            "[...document.querySelectorAll({})].some(it => it.checkVisibility() \
             && it.getClientRects().length)",
            quoted(css)
        ));
    }

    /// Returns the text of the first such element, as it is shown.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let text = self.on(css, "it.innerText ?? it.textContent");
        text.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Returns what an expression says of the first such element, which is called `it`.
    #[track_caller]
    pub fn on(&self, css: &str, javascript: &str) -> Value {
        let css_text = quoted(css);
        if self.eval(&format!("!document.querySelector({css_text})")) == Value::Bool(true) {
            self.fail(&format!("there is no `{css}`"));
        }
        self.eval(&format!("(it => {javascript})(document.querySelector({css_text}))"))
    }

    /// Returns how many such elements are there.
    #[track_caller]
    pub fn count(&self, css: &str) -> u64 {
        self.eval(&format!("document.querySelectorAll({}).length", quoted(css)))
            .as_u64()
            .unwrap_or_default()
    }

    /// Gives the page another size, in CSS pixels.
    #[track_caller]
    pub fn size(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Says whether the person before the screen prefers dark colors.
    #[track_caller]
    pub fn dark(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let feature = json!({ "name": "prefers-color-scheme", "value": value });
        self.call("Emulation.setEmulatedMedia", &json!({ "features": [feature] }));
    }

    /// Turns the page's own scripts on or off; it takes effect when a page is loaded.
    #[track_caller]
    pub fn javascript(&self, is_on: bool) {
        self.call("Emulation.setScriptExecutionDisabled", &json!({ "value": !is_on }));
    }

    /// Writes what the page looks like to a file, as PNG.
    #[track_caller]
    pub fn screenshot(&self, file: &Path) {
        let answer = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        let bytes = base64(answer["data"].as_str().unwrap_or_default());
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(file, bytes).unwrap();
    }

    /// Returns the addresses of all that the page has asked for since it was opened, in order.
    pub fn requests(&self) -> Vec<String> {
        let asked = |(method, event): (String, Value)| {
            let url = event["request"]["url"].as_str()?.to_owned();
            (method == "Network.requestWillBeSent").then_some(url)
        };
        self.events().into_iter().filter_map(asked).collect()
    }

    /// Returns what the browser's console shows in red: errors, uncaught exceptions, what was
    /// refused to load or to run.
    pub fn console_errors(&self) -> Vec<String> {
        let error = |(method, event): (String, Value)| match method.as_str() {
            "Runtime.exceptionThrown" => Some(event["exceptionDetails"].to_string()),
            "Runtime.consoleAPICalled" if event["type"] == "error" => {
                Some(event["args"].to_string())
            }
            "Log.entryAdded" if event["entry"]["level"] == "error" => {
                Some(event["entry"].to_string())
            }
            _ => None,
        };
        self.events().into_iter().filter_map(error).collect()
    }

    fn events(&self) -> Vec<(String, Value)> {
        // An answer comes after all that happened before the question.
        let _ = self.try_eval("0");
        self.browser.protocol.borrow_mut().events(&self.session)
    }

    #[track_caller]
    pub(crate) fn call(&self, method: &str, parameters: &Value) -> Value {
        self.browser.call(Some(&self.session), method, parameters)
    }

    /// Panics, and shows where the page is and what it says.
    #[track_caller]
    pub(crate) fn fail(&self, problem: &str) -> ! {
        let ask = |what| self.try_eval(what).ok();
        let ask =
            |what| ask(what).and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default();
        let text = ask("(document.body ?? document.documentElement).innerText");
        let text: String = text.chars().take(4000).collect();
        let errors = self.console_errors().join("\n");
        panic!("{problem}\n--- {}\n{text}\n--- console\n{errors}", ask("location.href"))
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let target = json!({ "targetId": self.target });
        // The browser may be gone already.
        let _ = self.browser.protocol.borrow_mut().call(None, "Target.closeTarget", &target);
    }
}

/// Writes a text as JavaScript does.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Decodes base64 of the usual alphabet.
fn base64(text: &str) -> Vec<u8> {
    let mut res = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if 8 <= count {
            count -= 8;
            res.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    res
}
