//! What the platform posts to the application's address by itself (2, 14): forms under `/djsw/…`.

use serde_json::json;

use super::verify;
use crate::clock::shanghai_text;
use crate::wire::Pair;
use crate::world::{JddjState, OrderState, World};

fn signed(world: &World, param: &str) -> Vec<Pair> {
    let mut fields: Vec<Pair> = [
        ("token", world.jddj.token.as_str()),
        ("app_key", world.jddj.app.id.as_str()),
        ("timestamp", &shanghai_text(world.now_ms())),
        ("format", "json"),
        ("v", "1.0"),
        ("jd_param_json", param),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let sign = verify::signature(&fields, &world.jddj.app.secret);
    fields.push(("sign".to_owned(), sign));
    fields
}

/// The push of an order's present state: the last part of its path and its form. `None` for an order that is not there.
pub fn order(world: &World, number: &str) -> Option<(&'static str, Vec<Pair>)> {
    let order = world.orders.get(number)?;
    let (name, status) = match world.order_state(order) {
        OrderState::Placed => ("newOrder", "41000"),
        OrderState::Confirmed => ("orderWaitOutStore", "32000"),
        OrderState::Completed => ("finishOrder", "90000"),
        OrderState::Cancelled => ("userCancelOrder", "20020"),
    };
    let param = json!({"billId": number, "statusId": status, "timestamp": shanghai_text(world.now_ms())});
    Some((name, signed(world, &param.to_string())))
}

/// The push of the merchant's token after the authorization: one field whose text is JSON with numbers as text, and no
/// signature.
pub fn authorization(world: &World) -> Vec<Pair> {
    let token = world.jddj.next_token.as_ref().unwrap_or(&world.jddj.token);
    let text = json!({
        "token": token, "expires_in": (JddjState::TOKEN_MS / 1000).to_string(), "time": world.now_ms().to_string(),
        "uid": world.jddj.vender_id, "user_nick": "示例商家", "venderId": world.jddj.vender_id,
    });
    vec![("token".to_owned(), text.to_string())]
}
