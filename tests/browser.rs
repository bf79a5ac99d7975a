//! The browser that the other tests stand on: it shows, clicks, types, tells, and leaves nothing.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::disallowed_methods, reason = "a switch of the test itself")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use browser::Browser;

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><title>t</title>
<style>body { margin: 0; height: 3000px } @media (prefers-color-scheme: dark) { h1 { color: red } }</style>
<h1>A page</h1>
<button onclick="out.textContent += ' clicked ' + field.value">go</button>
<input id="field" value="old" onkeydown="keys.textContent += event.key + (event.shiftKey ? '!' : '') + ' '">
<div style="position: relative"><button id="under">under</button>
<div id="cover" style="position: absolute; inset: 0"></div></div>
<p id="keys"></p><p id="out"></p>
<div id="pad" style="height: 100px" onpointermove="if (event.buttons) pad.dataset.x = event.clientX"></div>
<script>
document.querySelector("noscript")?.remove();
setTimeout(() => { const it = document.createElement("p"); it.id = "late"; it.textContent = "später"; document.body.append(it) }, 20);
</script>
"#;

fn page(folder: &Path, text: &str) -> (PathBuf, String) {
    let file = folder.join("page.html");
    fs::write(&file, text).unwrap();
    let url = format!("file://{}", file.display());
    (file, url)
}

/// Waits until something holds, for at most ten seconds.
#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        sleep(Duration::from_millis(10));
    }
}

/// Returns the processes that have a word of this folder in their command.
fn left(folder: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let commands = entries.filter_map(|it| fs::read(it.path().join("cmdline")).ok());
    let texts = commands.map(|it| String::from_utf8_lossy(&it).replace('\0', " "));
    texts.filter(|it| it.contains(folder)).collect()
}

/// Returns the folder of the browser's profile.
fn folder(browser: &Browser) -> String {
    let line = fs::read(format!("/proc/{}/cmdline", browser.pid())).unwrap();
    let line = String::from_utf8(line).unwrap();
    let flag = line.split('\0').find_map(|it| it.strip_prefix("--user-data-dir=")).unwrap();
    flag.strip_suffix("/profile").unwrap().to_owned()
}

#[test]
fn a_page_is_used_as_a_person_would() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_, url) = page(folder.path(), PAGE);
    let page = browser.open(&url);
    page.wait_for("#late");
    assert_eq!((page.text("h1"), page.text("#late")), ("A page".into(), "später".into()));
    page.fill("#field", "new 'ü'");
    page.click("button");
    assert_eq!(page.text("#out"), "clicked new 'ü'");
    page.on("#field", "it.focus()");
    for key in ["Backspace", "x", "Enter", "Shift+Tab"] {
        page.press(key);
    }
    assert_eq!(page.on("#field", "it.value"), "new 'üx");
    assert_eq!(page.text("#keys"), "Backspace x Enter Tab!");
    assert_eq!(page.eval("document.activeElement.textContent"), "go");
    page.drag((20.0, 20.0), page.middle("#pad"));
    assert_eq!(page.on("#pad", "Number(it.dataset.x)"), page.middle("#pad").0);
    page.wheel("h1", 300.0);
    page.wait_until("250 < scrollY");
    assert_eq!(
        page.eval("Promise.resolve([1, null, { a: 'b' }])").to_string(),
        r#"[1,null,{"a":"b"}]"#
    );
    assert_eq!((page.console_errors(), page.requests()), (vec![], vec![url]));
}

#[test]
fn colors_and_sizes_are_as_asked_for_and_are_seen() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (file, url) = page(folder.path(), PAGE);
    let page = browser.open(&url);
    let color = "getComputedStyle(document.querySelector('h1')).color";
    assert_eq!(page.eval(color), "rgb(0, 0, 0)");
    page.dark(true);
    assert_eq!(page.eval(color), "rgb(255, 0, 0)");
    page.size(300, 200);
    assert_eq!(page.eval("[innerWidth, innerHeight]").to_string(), "[300,200]");
    let picture = file.with_extension("png");
    page.screenshot(&picture);
    let bytes = fs::read(picture).unwrap();
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(
        (bytes[16..20].to_vec(), bytes[20..24].to_vec()),
        (vec![0, 0, 1, 44], vec![0, 0, 0, 200])
    );
}

#[test]
fn what_moves_or_is_drawn_anew_is_clicked_all_the_same() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    // One slides for half a second, one is another element by the time that the button is up.
    let text = "<style>body { margin: 0; height: 900px }</style>
<button id='slides' style='position: absolute; top: 0' onclick='out.textContent += 1'>a</button>
<div style='position: absolute; top: 700px'>
<button class='anew' onpointerdown='this.replaceWith(other)'>b</button></div>
<p id='out'></p>
<script>
const start = performance.now(), other = document.querySelector('.anew').cloneNode(true);
other.onpointerdown = null; other.onclick = () => out.textContent += 2;
const move = () => { const since = performance.now() - start;
  slides.style.top = Math.min(since, 500) + 'px'; if (since < 500) requestAnimationFrame(move) };
move();
</script>";
    let (_, url) = page(folder.path(), text);
    let page = browser.open(&url);
    page.click("#slides");
    page.click(".anew");
    assert_eq!(page.text("#out"), "12");
}

#[test]
fn what_a_page_asks_for_and_complains_of_is_told() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let text =
        "<h1>x</h1><script src='nowhere.js'></script><script>console.error('oh'); f()</script>";
    let (_, url) = page(folder.path(), text);
    let page = browser.open(&url);
    page.wait_for("h1");
    let asked = page.requests();
    assert_eq!((asked.len(), &asked[0]), (2, &url));
    assert!(asked[1].ends_with("/nowhere.js"), "{asked:?}");
    let errors = page.console_errors().join("\n");
    for part in ["\"oh\"", "f is not defined", "nowhere.js"] {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    page.javascript(false);
    page.go(&url);
    assert_eq!(page.requests().len(), 3);
}

#[test]
fn a_failure_shows_the_page() {
    let Some(browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (_, url) = page(folder.path(), PAGE);
    let page = browser.open(&url);
    let said = |act: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    };
    let cases: [(&dyn Fn(), &str); 3] = [
        (&|| page.click("#under"), "`#under` is covered by <div id=\"cover\""),
        (&|| drop(page.text("#nosuch")), "there is no `#nosuch`"),
        (&|| drop(page.eval("nosuch()")), "nosuch is not defined"),
    ];
    for (act, expected) in cases {
        let text = said(act);
        assert!(text.contains(expected) && text.contains("A page"), "{text}");
        assert!(text.contains(&url), "{text}");
    }
}

#[test]
fn a_browser_is_gone_with_its_value() {
    let Some(browser) = Browser::start() else { return };
    let folder = folder(&browser);
    assert!(1 < left(&folder).len());
    drop(browser);
    eventually("processes are left", || left(&folder).is_empty());
    assert!(!Path::new(&folder).exists());
}

/// Names the variable by which this binary is run again, to be killed.
const VICTIM: &str = "LIMBECK_TEST_BROWSER_VICTIM";

#[test]
#[expect(clippy::print_stdout, reason = "what the test that starts it reads")]
fn a_victim_holds_a_browser_until_it_is_killed() {
    if std::env::var_os(VICTIM).is_none() {
        return;
    }
    let browser = Browser::start().unwrap();
    let _page = browser.open("about:blank");
    println!("\nfolder {}", folder(&browser));
    sleep(Duration::from_mins(10));
}

#[test]
fn a_browser_is_gone_with_a_killed_test() {
    if Browser::start().is_none() {
        return;
    }
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_victim_holds_a_browser_until_it_is_killed", "--nocapture"])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(test.stdout.take().unwrap()).lines().map_while(Result::ok);
    let folder = lines.find_map(|it| Some(it.strip_prefix("folder ")?.to_owned())).unwrap();
    assert!(1 < left(&folder).len());
    test.kill().unwrap();
    test.wait().unwrap();
    eventually("processes are left", || left(&folder).is_empty());
    eventually("the folder is left", || !Path::new(&folder).exists());
}

#[test]
fn what_is_left_out_is_told() {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_failure_shows_the_page"])
        .env("LIMBECK_TEST_SKIP_BROWSER", "1")
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    assert_eq!(
        String::from_utf8_lossy(&out.stderr),
        "SKIPPED: LIMBECK_TEST_SKIP_BROWSER=1 is set\n"
    );
}
