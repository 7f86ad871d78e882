//! 飞鹅: every call of the port, every refusal, and the paper that comes out.

use crate::kit::{Kit, keyed};
use connect::error::{Effect, Layer, RemoteError};
use connect::printer::{DayCounts, NewPrinter, Printer, PrinterState, Ticket, TicketState};
use connect::session::{Credentials, Session};
use connect::wire::form;
use domain::receipt::{Line, Page, Paper, Size};
use printing::feie::{Feie, NOT_OURS, markup};
use sim::{FaultKind, FaultRule, Service};
use std::sync::Arc;

struct Desk {
    kit: Kit,
    feie: Feie,
    session: Session,
    /// Numbers and keys of the two printers that were sold.
    sold: Vec<(String, String)>,
}

impl Desk {
    fn new() -> Self {
        let kit = Kit::new();
        let announced = kit.simulator.announcement(&kit.base);
        let cloud = &announced.printers["feie"];
        let pairs = cloud.credentials.iter();
        let credentials = pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
        let session = Session {
            account: "printers-1".to_owned(),
            store: String::new(),
            remote_id: String::new(),
            credentials: Credentials::new(credentials),
            endpoint: Some(cloud.url.parse().unwrap()),
            settings: Arc::new([("public_key".to_owned(), cloud.public_key.to_owned())].into()),
            clock_offset_ms: 0,
        };
        let sold = cloud.printers.iter();
        Self {
            sold: sold.map(|p| (p.sn.clone(), p.key.clone())).collect(),
            feie: Feie::new(kit.gateway.clone()),
            session,
            kit,
        }
    }

    async fn with_printer() -> (Self, String) {
        let desk = Self::new();
        let (sn, key) = desk.sold[0].clone();
        let added = desk.add(&sn, &key).await;
        assert_eq!(added, None);
        (desk, sn)
    }

    async fn add(&self, sn: &str, key: &str) -> Option<String> {
        let printer = NewPrinter {
            number: sn.to_owned(),
            key: key.to_owned().into(),
            name: "吧台#1".to_owned(),
        };
        let outcomes = self.feie.add(&self.session, &[printer]).await.unwrap();
        assert_eq!(outcomes[0].number, sn);
        outcomes[0].refused.clone()
    }

    async fn print(&self, sn: &str, text: &str) -> Result<String, RemoteError> {
        let page = page(text);
        let ticket = Ticket {
            number: sn,
            page: &page,
            copies: 1,
            expires_at: None,
        };
        let taken = self.feie.print(&self.session, ticket).await?;
        assert_eq!(taken.state, TicketState::Waiting);
        Ok(taken.ticket)
    }

    fn slips(&self, sn: &str) -> Vec<String> {
        let world = self.kit.world();
        let slips = world.feie.printers[sn].slips.iter();
        slips.map(|slip| slip.content.clone()).collect()
    }

    fn fault(&self, call: &str, fault: FaultKind) {
        self.kit
            .world()
            .faults
            .add(FaultRule::once(Service::Feie, call, fault));
    }
}

fn page(text: &str) -> Page {
    Page {
        paper: Paper::Mm58,
        lines: vec![
            Line {
                text: text.to_owned(),
                size: Size::Large,
            },
            Line {
                text: "可乐 x2".to_owned(),
                size: Size::Normal,
            },
        ],
    }
}

fn code(error: &RemoteError) -> &str {
    match error {
        RemoteError::Rejected { code, .. } => code,
        _ => "",
    }
}

#[tokio::test]
async fn a_printer_is_added_with_its_key_and_removed() {
    let desk = Desk::new();
    let (sn, key) = desk.sold[0].clone();
    let wrong = desk.add(&sn, "notthekey").await.unwrap();
    assert_eq!(wrong, "识别码不正确");
    assert_eq!(desk.add("999999999", "k").await.unwrap(), "打印机编号不存在");
    assert_eq!(desk.add(&sn, &key).await, None);
    assert!(desk.kit.world().feie.printers[&sn].registered);
    assert_eq!(desk.add(&sn, &key).await.unwrap(), "已被添加过");
    let removed = desk
        .feie
        .remove(&desk.session, &[sn.clone(), "999999999".to_owned()])
        .await
        .unwrap();
    assert_eq!(removed[0].refused, None);
    assert_eq!(removed[1].refused.as_deref(), Some("打印机不存在"));
    assert!(!desk.kit.world().feie.printers[&sn].registered);
}

#[tokio::test]
async fn what_is_taken_waits_until_the_printer_is_back_and_comes_out_once() {
    let (desk, sn) = Desk::with_printer().await;
    desk.kit.world().feie_set_online(&sn, false).unwrap();
    assert_eq!(
        desk.feie.status(&desk.session, &sn).await.unwrap(),
        PrinterState::Offline
    );
    let ticket = desk.print(&sn, "#7").await.unwrap();
    assert_eq!(
        desk.feie.ticket_state(&desk.session, &ticket).await.unwrap(),
        TicketState::Waiting
    );
    let now = desk.kit.world().now_ms();
    let counts = desk.feie.day_counts(&desk.session, &sn, now).await.unwrap();
    assert_eq!(
        counts,
        DayCounts {
            printed: 0,
            waiting: 1
        }
    );
    desk.kit.world().feie_set_online(&sn, true).unwrap();
    assert_eq!(
        desk.feie.ticket_state(&desk.session, &ticket).await.unwrap(),
        TicketState::Printed
    );
    assert_eq!(desk.slips(&sn), ["<B>#7</B><BR>可乐 x2<BR><CUT>"]);
    desk.kit.world().feie_set_paper(&sn, false).unwrap();
    assert_eq!(
        desk.feie.status(&desk.session, &sn).await.unwrap(),
        PrinterState::Faulty
    );
    let dropped = desk.print(&sn, "#8").await.unwrap();
    desk.feie.clear(&desk.session, &sn).await.unwrap();
    desk.kit.world().feie_set_paper(&sn, true).unwrap();
    assert_eq!(
        desk.feie.status(&desk.session, &sn).await.unwrap(),
        PrinterState::Ready
    );
    assert_eq!(desk.slips(&sn).len(), 1, "the queue was cleared");
    assert_eq!(
        desk.feie.ticket_state(&desk.session, &dropped).await.unwrap(),
        TicketState::Waiting
    );
}

#[tokio::test]
async fn copies_come_out_and_what_is_too_old_does_not() {
    let (desk, sn) = Desk::with_printer().await;
    let now = desk.kit.world().now_ms();
    let sheet = page("#1");
    let ticket = |copies, expires_at| Ticket {
        number: &sn,
        page: &sheet,
        copies,
        expires_at,
    };
    desk.feie.print(&desk.session, ticket(2, None)).await.unwrap();
    assert_eq!(desk.slips(&sn).len(), 2);
    desk.kit.world().feie_set_online(&sn, false).unwrap();
    // Two days ahead is more than the cloud allows: it is cut to one.
    for until in [now + 3_600_000, now + 48 * 3_600_000] {
        let taken = desk.feie.print(&desk.session, ticket(1, Some(until))).await;
        taken.unwrap();
    }
    desk.kit.world().clock.advance(2 * 3_600_000);
    desk.kit.world().feie_set_online(&sn, true).unwrap();
    assert_eq!(desk.slips(&sn).len(), 3, "one of the two had outlived its hour");
}

#[tokio::test]
async fn a_page_beyond_5000_bytes_is_not_sent() {
    let (desk, sn) = Desk::with_printer().await;
    let mut long = page("#1");
    long.lines = vec![long.lines[1].clone(); 400];
    assert!(!desk.feie.fits(&long));
    assert!(desk.feie.fits(&page("#1")));
    let ticket = Ticket {
        number: &sn,
        page: &long,
        copies: 1,
        expires_at: None,
    };
    let error = desk.feie.print(&desk.session, ticket).await.unwrap_err();
    assert!(matches!(error, RemoteError::Unsupported { .. }), "{error}");
    assert!(desk.kit.world().feie.tickets.is_empty());
}

#[tokio::test]
async fn a_withdrawn_printer_is_1002_and_nothing_is_printed() {
    let (desk, sn) = Desk::with_printer().await;
    desk.kit.world().feie_withdraw(&sn).unwrap();
    let error = desk.print(&sn, "#1").await.unwrap_err();
    assert_eq!(code(&error), NOT_OURS);
    assert!(error.text().contains("打印机编号和用户不匹配"));
    assert_eq!(error.effect(), Effect::None);
    for error in [
        desk.feie.status(&desk.session, &sn).await.unwrap_err(),
        desk.feie.clear(&desk.session, &sn).await.unwrap_err(),
    ] {
        assert_eq!(code(&error), NOT_OURS);
    }
    assert!(desk.slips(&sn).is_empty());
    let malformed = desk.feie.status(&desk.session, "12").await.unwrap_err();
    assert_eq!(code(&malformed), "1001");
    let unknown = desk.feie.ticket_state(&desk.session, "1_2_3").await.unwrap_err();
    assert_eq!(code(&unknown), "1001");
}

#[tokio::test]
async fn a_wrong_account_or_key_is_refused_without_effect() {
    let (desk, sn) = Desk::with_printer().await;
    for (field, layer) in [("user", Layer::Key), ("ukey", Layer::Signature)] {
        let wrong = keyed(&desk.session, field, "somebodyelse");
        let sheet = page("#1");
        let ticket = Ticket {
            number: &sn,
            page: &sheet,
            copies: 1,
            expires_at: None,
        };
        let error = desk.feie.print(&wrong, ticket).await.unwrap_err();
        assert!(
            matches!(&error, RemoteError::Refused { layer: told, .. } if *told == layer),
            "{error}"
        );
    }
    let mut none = desk.session.clone();
    none.credentials = Credentials::default();
    let error = desk.feie.status(&none, &sn).await.unwrap_err();
    assert!(matches!(error, RemoteError::MissingCredential { .. }));
    assert!(desk.kit.world().feie.tickets.is_empty());
}

#[tokio::test]
async fn pages_cuts_and_lost_answers_are_told_apart() {
    let (desk, sn) = Desk::with_printer().await;
    let call = "Open_printMsg";
    let effect = |error: &RemoteError| error.effect();

    desk.fault(call, FaultKind::HtmlPage);
    let error = desk.print(&sn, "#1").await.unwrap_err();
    assert!(matches!(error, RemoteError::Malformed { .. }), "{error}");
    assert_eq!(effect(&error), Effect::Unknown);
    assert_eq!(desk.slips(&sn).len(), 0);

    desk.fault(call, FaultKind::TruncatedBody);
    let error = desk.print(&sn, "#2").await.unwrap_err();
    assert_eq!(effect(&error), Effect::Unknown);
    assert_eq!(desk.slips(&sn).len(), 1, "it was printed all the same");

    desk.fault(call, FaultKind::LostAnswer);
    let error = desk.print(&sn, "#3").await.unwrap_err();
    assert!(matches!(error, RemoteError::NoAnswer { .. }), "{error}");
    assert_eq!(effect(&error), Effect::Unknown);
    assert_eq!(desk.slips(&sn).len(), 2);

    desk.fault(call, FaultKind::LostRequest);
    assert_eq!(effect(&desk.print(&sn, "#4").await.unwrap_err()), Effect::Unknown);
    desk.fault(call, FaultKind::ServerError { status: 502 });
    let error = desk.print(&sn, "#5").await.unwrap_err();
    assert!(matches!(error, RemoteError::Busy { .. }), "{error}");
    assert_eq!(effect(&error), Effect::Unknown);
    assert_eq!(desk.slips(&sn).len(), 2);

    desk.fault(
        call,
        FaultKind::Throttle {
            shape: sim::ErrorShape::Envelope,
        },
    );
    let error = desk.print(&sn, "#6").await.unwrap_err();
    assert!(matches!(error, RemoteError::Throttled { .. }), "{error}");

    // What only asks changed nothing, whatever became of its answer.
    for call in ["Open_queryPrinterStatus", "Open_queryOrderState"] {
        desk.fault(call, FaultKind::ServerError { status: 500 });
    }
    let status = desk.feie.status(&desk.session, &sn).await.unwrap_err();
    let state = desk.feie.ticket_state(&desk.session, "1").await.unwrap_err();
    assert_eq!((effect(&status), effect(&state)), (Effect::None, Effect::None));
}

#[tokio::test]
async fn a_message_about_a_ticket_is_believed_only_with_its_signature() {
    let (desk, sn) = Desk::with_printer().await;
    let ticket = desk.print(&sn, "#1").await.unwrap();
    let fields = sim::feie::ticket_push(&desk.kit.world(), &ticket).unwrap();
    let body = form(fields.clone());
    let news = desk.feie.receive(&desk.session, body.as_bytes()).unwrap();
    assert_eq!(
        (news.ticket.as_str(), news.state),
        (&*ticket, TicketState::Printed)
    );
    assert_eq!(news.reply, "SUCCESS");
    for changed in ["orderId", "status", "stime", "sign"] {
        let mut forged = fields.clone();
        for (name, value) in &mut forged {
            if name == changed {
                value.insert(0, '9');
            }
        }
        let error = desk
            .feie
            .receive(&desk.session, form(forged).as_bytes())
            .unwrap_err();
        assert!(matches!(error, RemoteError::Refused { .. }), "{changed}: {error}");
    }
    assert!(desk.feie.receive(&desk.session, b"orderId=1").is_err());
    let mut without = desk.session.clone();
    without.settings = Arc::default();
    let error = desk.feie.receive(&without, body.as_bytes()).unwrap_err();
    assert!(matches!(error, RemoteError::MissingCredential { .. }));
}

#[test]
fn the_preview_is_what_the_markup_says() {
    let sheet = page("#7 ￥");
    let content = markup(&sheet);
    let mut bare = content.replace("<BR>", "\n");
    for tag in ["<B>", "</B>", "<CUT>"] {
        bare = bare.replace(tag, "");
    }
    assert_eq!(bare.trim_end_matches('\n'), sheet.text());
}
