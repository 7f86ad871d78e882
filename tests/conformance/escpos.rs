//! A network printer: the bytes that arrive at a socket on this machine.

use connect::error::{Effect, RemoteError};
use connect::printer::{NewPrinter, Printer, PrinterState, Ticket, TicketState};
use connect::session::{Credentials, Session};
use domain::receipt::{Line, Page, Paper, Size};
use parking_lot::Mutex;
use printing::escpos::{EscPos, NO_PAPER, bytes};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const ASK: &[u8] = b"\x10\x04\x04";

/// How the printer answers to the question for its paper: a byte each time, or never.
#[derive(Clone, Copy)]
enum Sensor {
    Silent,
    Says(u8),
}

/// A printer that keeps what it was sent, without the questions. It hangs up in the middle of a ticket when told to.
async fn printer(sensor: Sensor, hang_up: bool) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let paper = Arc::new(Mutex::new(Vec::new()));
    let kept = paper.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut chunk).await {
                let mut got = &chunk[..read];
                while got.starts_with(ASK) {
                    got = &got[ASK.len()..];
                    if let Sensor::Says(byte) = sensor {
                        stream.write_all(&[byte]).await.unwrap();
                    }
                }
                let ticket = got.strip_suffix(ASK).unwrap_or(got);
                kept.lock().extend_from_slice(ticket);
                if hang_up && !ticket.is_empty() {
                    break;
                }
                if got.len() > ticket.len()
                    && let Sensor::Says(byte) = sensor
                {
                    stream.write_all(&[byte]).await.unwrap();
                }
            }
        }
    });
    (address, paper)
}

fn session() -> Session {
    Session {
        account: "printers-2".to_owned(),
        store: String::new(),
        remote_id: String::new(),
        credentials: Credentials::default(),
        endpoint: None,
        settings: Arc::default(),
        clock_offset_ms: 0,
    }
}

fn page() -> Page {
    let line = |text: &str, size| Line {
        text: text.to_owned(),
        size,
    };
    Page {
        paper: Paper::Mm80,
        lines: vec![
            line("  柜台 #7", Size::Large),
            line("𠮷野家牛肉饭                 x1 20.00", Size::Normal),
        ],
    }
}

fn ticket<'a>(number: &'a str, page: &'a Page, copies: u8) -> Ticket<'a> {
    Ticket {
        number,
        page,
        copies,
        expires_at: None,
    }
}

/// The words on the paper: commands taken out, GB18030 read.
fn read(paper: &[u8]) -> String {
    let mut bare = Vec::new();
    let mut at = 0;
    while at < paper.len() {
        at += match paper[at..] {
            [0x1b, b'@', ..] | [0x1c, b'&', ..] => 2,
            [0x1d | 0x1c, b'!', _, ..] | [0x1b, b'd', _, ..] => 3,
            [0x1d, b'V', _, _, ..] => 4,
            _ => {
                bare.push(paper[at]);
                1
            }
        };
    }
    let (text, _, wrong) = encoding_rs::GB18030.decode(&bare);
    assert!(!wrong);
    text.trim_end_matches('\n').to_owned()
}

#[tokio::test]
async fn the_preview_is_what_arrives_at_the_printer() {
    for sensor in [Sensor::Silent, Sensor::Says(0x12)] {
        let (address, paper) = printer(sensor, false).await;
        let page = page();
        let taken = EscPos::default()
            .print(&session(), ticket(&address, &page, 1))
            .await
            .unwrap();
        assert_eq!(taken.state, TicketState::Printed);
        for _ in 0..50 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            if paper.lock().len() >= bytes(&page).len() {
                break;
            }
        }
        assert_eq!(*paper.lock(), bytes(&page));
        assert_eq!(read(&paper.lock()), page.text());
    }
}

#[tokio::test]
async fn without_paper_nothing_is_sent_and_the_light_says_so() {
    let (address, paper) = printer(Sensor::Says(0x72), false).await;
    let page = page();
    let escpos = EscPos::default();
    let error = escpos
        .print(&session(), ticket(&address, &page, 1))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, RemoteError::Rejected { code, .. } if code == NO_PAPER),
        "{error}"
    );
    assert_eq!(error.effect(), Effect::None);
    assert!(paper.lock().is_empty());
    assert_eq!(
        escpos.status(&session(), &address).await.unwrap(),
        PrinterState::Faulty
    );
    let (well, _) = printer(Sensor::Says(0x12), false).await;
    assert_eq!(
        escpos.status(&session(), &well).await.unwrap(),
        PrinterState::Ready
    );
}

#[tokio::test]
async fn a_printer_that_is_not_there_got_nothing_and_one_that_hangs_up_may_have_printed() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = free.local_addr().unwrap().to_string();
    drop(free);
    let page = page();
    let escpos = EscPos::default();
    let error = escpos
        .print(&session(), ticket(&nobody, &page, 1))
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::None, "{error}");
    assert_eq!(
        escpos.status(&session(), &nobody).await.unwrap(),
        PrinterState::Offline
    );
    let (rude, _) = printer(Sensor::Says(0x12), true).await;
    let error = escpos
        .print(&session(), ticket(&rude, &page, 3))
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown, "{error}");
}

#[tokio::test]
async fn an_address_is_a_host_with_or_without_a_port() {
    let escpos = EscPos::default();
    for (number, fits) in [
        ("192.168.1.50", true),
        ("printer-1.lan:9101", true),
        ("", false),
        ("192.168.1.50:port", false),
        ("http://192.168.1.50", false),
    ] {
        let printer = NewPrinter {
            number: number.to_owned(),
            key: String::new().into(),
            name: String::new(),
        };
        let outcome = escpos.add(&session(), &[printer]).await.unwrap();
        assert_eq!(outcome[0].refused.is_none(), fits, "{number}");
    }
    assert!(escpos.clear(&session(), "192.168.1.50").await.is_err());
    assert!(escpos.ticket_state(&session(), "1").await.is_err());
}
