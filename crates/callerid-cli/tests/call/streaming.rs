//! What comes in pieces is passed on in pieces.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use crate::{call, emulator};

#[test]
fn the_first_piece_is_there_before_the_second_is_sent() {
    let emulator = emulator();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (go_on, may_go_on) = mpsc::channel();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        lines.map_while(Result::ok).find(String::is_empty);
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nfirst\n").unwrap();
        may_go_on.recv().unwrap();
        write!(stream, "second").unwrap();
    });
    let mut child = call(&emulator, &[&url]).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut piece = [0; 6];
    out.read_exact(&mut piece).unwrap();
    assert_eq!(&piece, b"first\n");
    go_on.send(()).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("second", Some(0)));
    server.join().unwrap();
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let emulator = emulator();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines();
        lines.map_while(Result::ok).find(String::is_empty);
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        // Until the client has gone.
        while stream.write_all(&[b'a'; 65_536]).is_ok() {}
    });
    let mut child = call(&emulator, &[&url]).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[][..]));
}
