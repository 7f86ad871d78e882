//! 飞鹅 printer cloud: form calls with a SHA-1 signature.
//!
//! It takes a ticket and queues it; whether it came out has to be asked for. It does not notice a ticket that is sent
//! twice, so whoever sends one has to remember its id (fact sheet 4). The public key for its messages is published
//! nowhere that was found: it is the setting `public_key` of the account, and without it no message is believed.

mod client;
mod markup;
pub mod sign;
mod wire;

pub use markup::markup;

use async_trait::async_trait;
use client::{Client, UKEY, USER, parsed};
use connect::error::{Layer, RemoteError};
use connect::gateway::Gateway;
use connect::platform::CredentialField;
use connect::printer::{
    DayCounts, NewPrinter, Printer, PrinterCapabilities, PrinterDescriptor, PrinterOutcome, PrinterState,
    Taken, Ticket, TicketNews, TicketState,
};
use connect::session::Session;
use connect::wire::Text;
use domain::receipt::Page;
use markup::LIMIT;
use secrecy::ExposeSecret as _;

/// The printer is not, or no longer, under this account (F26).
pub const NOT_OURS: &str = "1002";
/// Most printers of one call.
const BATCH: usize = 100;
/// A ticket lives 24 hours at most.
const LIFE_MS: i64 = 24 * 3_600_000;

/// The connector.
pub struct Feie {
    gateway: Gateway,
    descriptor: PrinterDescriptor,
}

impl Feie {
    /// The connector over a gateway.
    pub fn new(gateway: Gateway) -> Self {
        let field = |key, label, secret| CredentialField {
            key,
            label,
            secret,
            optional: false,
            shape: "any",
            ..CredentialField::default()
        };
        Self {
            gateway,
            descriptor: PrinterDescriptor {
                id: "feie",
                name: "飞鹅云打印",
                credential_fields: vec![
                    field(USER, "USER（飞鹅云后台注册账号）", false),
                    field(UKEY, "UKEY（飞鹅云后台的密钥）", true),
                ],
                number_kind: "number",
                keyed: true,
                capabilities: PrinterCapabilities {
                    ticket_state: true,
                    day_counts: true,
                    queue: true,
                    expires: true,
                    callbacks: true,
                },
            },
        }
    }

    fn client<'a>(&'a self, session: &'a Session) -> Client<'a> {
        Client {
            gateway: &self.gateway,
            session,
        }
    }
}

#[async_trait]
impl Printer for Feie {
    fn descriptor(&self) -> &PrinterDescriptor {
        &self.descriptor
    }

    fn fits(&self, page: &Page) -> bool {
        markup(page).len() <= LIMIT
    }

    async fn add(
        &self,
        session: &Session,
        printers: &[NewPrinter],
    ) -> Result<Vec<PrinterOutcome>, RemoteError> {
        let mut outcomes = Vec::new();
        for printers in printers.chunks(BATCH) {
            let rows: Vec<String> = printers
                .iter()
                .map(|printer| {
                    let name = printer.name.replace(['#', '\n', '\r'], " ");
                    format!("{}#{}#{name}#", printer.number, printer.key.expose_secret())
                })
                .collect();
            let rows = rows.join("\n");
            let data = self
                .client(session)
                .call("Open_printerAddlist", vec![("printerContent", &rows)])
                .await?;
            let numbers: Vec<&str> = printers.iter().map(|printer| printer.number.as_str()).collect();
            outcomes.extend(sorted(&numbers, &parsed(data)?));
        }
        Ok(outcomes)
    }

    async fn remove(
        &self,
        session: &Session,
        numbers: &[String],
    ) -> Result<Vec<PrinterOutcome>, RemoteError> {
        let list = numbers.join("-");
        let data = self
            .client(session)
            .call("Open_printerDelList", vec![("snlist", &list)])
            .await?;
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        Ok(sorted(&numbers, &parsed(data)?))
    }

    async fn print(&self, session: &Session, ticket: Ticket<'_>) -> Result<Taken, RemoteError> {
        let content = markup(ticket.page);
        if content.len() > LIMIT {
            return Err(RemoteError::Unsupported {
                what: format!("ticket of {} bytes, {LIMIT} at most", content.len()),
            });
        }
        let copies = ticket.copies.max(1).to_string();
        let now = self.gateway.now(session);
        let expired = ticket
            .expires_at
            .map(|at| (at.min(now + LIFE_MS) / 1_000).to_string());
        let backurl = session.setting("backurl", "");
        let mut params = vec![("sn", ticket.number), ("content", &*content), ("times", &*copies)];
        params.extend(expired.as_deref().map(|at| ("expired", at)));
        if !backurl.is_empty() {
            params.push(("backurl", backurl));
        }
        let data = self.client(session).call("Open_printMsg", params).await?;
        let ticket: Text = parsed(data)?;
        let Some(id) = ticket.filled() else {
            return Err(RemoteError::Malformed {
                raw: "ticket without its number".to_owned(),
            });
        };
        Ok(Taken {
            ticket: id.to_owned(),
            state: TicketState::Waiting,
        })
    }

    async fn ticket_state(&self, session: &Session, ticket: &str) -> Result<TicketState, RemoteError> {
        let data = self
            .client(session)
            .ask("Open_queryOrderState", vec![("orderid", ticket)])
            .await?;
        let printed: bool = parsed(data)?;
        Ok(if printed {
            TicketState::Printed
        } else {
            TicketState::Waiting
        })
    }

    async fn day_counts(&self, session: &Session, number: &str, at: i64) -> Result<DayCounts, RemoteError> {
        let time = connect::shanghai::time(at);
        let day = time.split(' ').next().unwrap_or_default();
        let data = self
            .client(session)
            .ask("Open_queryOrderInfoByDate", vec![("sn", number), ("date", day)])
            .await?;
        let counts: wire::Day = parsed(data)?;
        Ok(DayCounts {
            printed: counts.print.or_zero(),
            waiting: counts.waiting.or_zero(),
        })
    }

    async fn status(&self, session: &Session, number: &str) -> Result<PrinterState, RemoteError> {
        let data = self
            .client(session)
            .ask("Open_queryPrinterStatus", vec![("sn", number)])
            .await?;
        let text: Text = parsed(data)?;
        // Sometimes with a full stop, so by the beginning.
        match text.as_str() {
            text if text.starts_with("离线") => Ok(PrinterState::Offline),
            text if text.starts_with("在线，工作状态正常") => Ok(PrinterState::Ready),
            text if text.starts_with("在线") => Ok(PrinterState::Faulty),
            other => Err(RemoteError::Malformed {
                raw: other.chars().take(200).collect(),
            }),
        }
    }

    async fn clear(&self, session: &Session, number: &str) -> Result<(), RemoteError> {
        self.client(session)
            .call("Open_delPrinterSqs", vec![("sn", number)])
            .await?;
        Ok(())
    }

    fn receive(&self, session: &Session, body: &[u8]) -> Result<TicketNews, RemoteError> {
        let refused = |text: &str| RemoteError::Refused {
            layer: Layer::Signature,
            text: text.to_owned(),
        };
        let key = session.setting("public_key", "");
        if key.is_empty() {
            return Err(RemoteError::MissingCredential {
                field: "public_key".to_owned(),
            });
        }
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let text = |name: &str| {
            let found = fields.iter().find(|(held, _)| held == name);
            found.map(|(_, value)| value.as_str())
        };
        let (Some(ticket), Some(status), Some(stime), Some(sign)) =
            (text("orderId"), text("status"), text("stime"), text("sign"))
        else {
            return Err(refused("message without its fields"));
        };
        if !sign::callback_holds(key, [ticket, status, stime], sign) {
            return Err(refused("signature of the message"));
        }
        Ok(TicketNews {
            ticket: ticket.to_owned(),
            state: if status == "1" {
                TicketState::Printed
            } else {
                TicketState::Waiting
            },
            reply: "SUCCESS",
        })
    }
}

/// One outcome for each number. A failure repeats what was sent, with the printer's key, and the reason in brackets
/// behind it: only the reason is kept.
fn sorted(numbers: &[&str], answer: &wire::Sorted) -> Vec<PrinterOutcome> {
    let of = |text: &str, number: &str| {
        let rest = text.trim_start().strip_prefix(number);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let outcome = |number: &&str| {
        let no = answer.no.iter().find(|text| of(text.as_str(), number));
        let ok = answer.ok.iter().any(|text| of(text.as_str(), number));
        let refused = match (no, ok) {
            (Some(text), _) => Some(reason(text.as_str())),
            (None, true) => None,
            (None, false) => Some("没有回答这台打印机".to_owned()),
        };
        PrinterOutcome {
            number: (*number).to_owned(),
            refused,
        }
    };
    numbers.iter().map(outcome).collect()
}

/// What stands in the last brackets, without them and without `错误：`.
fn reason(text: &str) -> String {
    let start = text.rfind(['(', '（']);
    let Some(start) = start else {
        return "添加失败".to_owned();
    };
    let inner = text[start..].trim_matches(['(', ')', '（', '）', ' ']);
    inner
        .trim_start_matches("错误")
        .trim_start_matches(['：', ':'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{reason, sorted, wire::Sorted};
    use connect::wire::Text;

    #[test]
    fn a_failure_is_told_without_the_key_that_it_repeats() {
        let answer = Sorted {
            ok: vec![Text("316500011 ok".to_owned())],
            no: vec![Text(
                "316500010#abcdefgh#吧台#  （错误：识别码不正确）".to_owned(),
            )],
        };
        let outcomes = sorted(&["316500010", "316500011", "316500012"], &answer);
        assert_eq!(outcomes[0].refused.as_deref(), Some("识别码不正确"));
        assert_eq!(outcomes[1].refused, None);
        assert!(outcomes[2].refused.is_some());
        assert_eq!(reason("1#k"), "添加失败");
    }
}
