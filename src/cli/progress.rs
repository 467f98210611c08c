//! How far a long run is, for somebody who waits at a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::diag::count;

/// How many files this process has read: whoever reads one need not know who waits.
static READ: AtomicUsize = AtomicUsize::new(0);

/// A run that ends sooner says nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Between two signs of life.
const PAUSE: Duration = Duration::from_millis(200);

/// Back to the begin of the line, which is emptied.
const ERASE: &str = "\r\x1b[K";

/// Notes that a file was read.
pub(super) fn note() {
    READ.fetch_add(1, Ordering::Relaxed);
}

/// A line on standard error that counts files. It goes away with this.
pub(super) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shows the line, if standard error is a terminal.
    pub(super) fn start() -> Progress {
        let running = io::stderr().is_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let show = move || show(&stopped, PATIENCE, &mut io::stderr());
            (stop, thread::spawn(show))
        });
        Progress { running }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // Nothing depends on it.
            let _ = thread.join();
        }
    }
}

/// Counts until the other end is gone. What cannot be shown is left out.
fn show(stopped: &Receiver<()>, patience: Duration, out: &mut dyn Write) {
    let mut pause = patience;
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let read = count(READ.load(Ordering::Relaxed), "file");
        let _ = write!(out, "{ERASE}{read} read").and_then(|()| out.flush());
        pause = PAUSE;
    }
    if pause == PAUSE {
        let _ = write!(out, "{ERASE}").and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_says_nothing_and_a_long_one_leaves_nothing() {
        let shown = |patience, wait| {
            let (stop, stopped) = mpsc::channel();
            let thread = thread::spawn(move || {
                let mut out = Vec::new();
                show(&stopped, patience, &mut out);
                String::from_utf8(out).unwrap()
            });
            thread::sleep(wait);
            drop(stop);
            thread.join().unwrap()
        };
        note();
        let (moment, long) = (Duration::from_millis(1), Duration::from_millis(100));
        assert_eq!(shown(PATIENCE, moment), "");
        let line = shown(moment, long);
        assert!(
            line.starts_with(ERASE) && line.contains(" read"),
            "{line:?}"
        );
        assert!(line.ends_with(&format!("read{ERASE}")), "{line:?}");
    }
}
