//! What the platform posts to the application's address (6): the fields of a request with a `body` in ASCII, signed as
//! requests are.

use std::fmt::Write as _;

use serde_json::json;

use super::orders::status_code;
use super::verify;
use crate::wire::Pair;
use crate::world::{OrderState, PlatformId, World};

/// JSON text whose non-ASCII letters are `\u` escapes, as the captures show it.
fn escaped(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    let mut units = [0; 2];
    for char in text.chars() {
        if char.is_ascii() {
            ascii.push(char);
        } else {
            for unit in char.encode_utf16(&mut units) {
                // Writing into a String cannot fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}

/// The push of an order as it stands now: `order.create` for a new one, else its status. `None` for an order of another
/// platform or one that is not there.
pub fn order_push(world: &World, number: &str) -> Option<Vec<Pair>> {
    let order = world.orders.get(number)?;
    if order.platform != PlatformId::Ebai {
        return None;
    }
    let state = world.order_state(order);
    let (cmd, body) = if state == OrderState::Placed {
        ("order.create", json!({"order_id": number}))
    } else {
        let body = json!({
            "order_id": number, "platform_shop_id": order.shop, "status": status_code(state), "reason": "无",
        });
        ("order.status.push", body)
    };
    Some(signed(world, cmd, &body.to_string()))
}

/// The push of a shop that was unbound from the application. Which fields it has is not public; it names the shop as
/// the status push does.
pub fn unbound_push(world: &World, shop: &str) -> Vec<Pair> {
    let body = json!({"platform_shop_id": shop}).to_string();
    signed(world, "shop.unbind.msg", &body)
}

fn signed(world: &World, cmd: &str, body: &str) -> Vec<Pair> {
    let mut fields: Vec<Pair> = [
        ("body", escaped(body).as_str()),
        ("cmd", cmd),
        ("encrypt", ""),
        ("source", world.ebai.app.id.as_str()),
        (
            "ticket",
            &crate::Draw::new(world.now_ms().unsigned_abs()).ticket(),
        ),
        ("timestamp", &(world.now_ms() / 1000).to_string()),
        ("version", "3"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let sign = verify::signature(&fields, &world.ebai.app.secret);
    fields.push(("sign".to_owned(), sign));
    // A capture shows a field beside them that is not signed.
    fields.push(("groupId".to_owned(), "1".to_owned()));
    fields
}
