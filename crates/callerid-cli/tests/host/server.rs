//! A key endpoint on this machine that answers as a test wants.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One answer: the status line, header lines and body.
#[derive(Clone)]
pub(crate) struct Answer {
    status: &'static str,
    fields: String,
    body: String,
    delay: Duration,
}

pub(crate) struct Server {
    url: String,
    answer: Arc<Mutex<Answer>>,
    requests: Arc<AtomicUsize>,
}

impl Answer {
    pub(crate) fn of(status: &'static str, body: impl Into<String>) -> Self {
        Self { status, fields: String::new(), body: body.into(), delay: Duration::ZERO }
    }

    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn write(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let Self { status, fields, body, .. } = self;
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{fields}\r\n{body}"
        )
    }
}

impl Server {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/certs", listener.local_addr().unwrap());
        let server = Self { url, answer: Arc::new(Mutex::new(answer)), requests: Arc::default() };
        let (answer, requests) = (Arc::clone(&server.answer), Arc::clone(&server.requests));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answer = answer.lock().unwrap().clone();
                requests.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    let lines = BufReader::new(&stream).lines();
                    lines.map_while(Result::ok).find(String::is_empty);
                    thread::sleep(answer.delay);
                    // A client that has gone has had enough.
                    drop(answer.write(&stream));
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn now_answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How many requests there were.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}
