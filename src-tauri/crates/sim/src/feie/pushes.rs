//! What the cloud posts about a ticket (fact sheet 4).

use base64::Engine as _;

use super::rsa;
use super::verify::signed_text;
use crate::wire::Pair;
use crate::world::World;

/// The message about a ticket as it stands now; `None` for one that is not there.
pub fn ticket_push(world: &World, ticket: &str) -> Option<Vec<Pair>> {
    let held = world.feie.tickets.iter().find(|held| held.id == ticket)?;
    let status = if held.printed_at.is_some() { "1" } else { "0" };
    let stime = (world.now_ms() / 1_000).to_string();
    let sign = rsa::sign(&signed_text(ticket, status, &stime));
    let sign = base64::engine::general_purpose::STANDARD.encode(sign);
    let fields = [
        ("orderId", ticket),
        ("status", status),
        ("stime", &stime),
        ("sign", &sign),
    ];
    Some(
        fields
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    )
}
