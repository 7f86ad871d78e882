//! What the platform posts to the application's address (2): an array of messages, signed in a header over its bytes.

use serde_json::json;

use super::{as_number, verify};
use crate::wire::Pair;
use crate::world::{OrderState, PlatformId, World};

/// The push of an order as it stands now: headers by small letters, and the body. `None` for an order of another
/// platform or one that is not there.
pub fn order_push(world: &World, number: &str) -> Option<(Vec<Pair>, String)> {
    let order = world.orders.get(number)?;
    if order.platform != PlatformId::Doudian {
        return None;
    }
    // 101 paid, 110 waiting to be handled, 103 finished, 106 cancelled.
    let tag = match world.order_state(order) {
        OrderState::Placed => 101,
        OrderState::Confirmed => 110,
        OrderState::Completed => 103,
        OrderState::Cancelled => 106,
    };
    let data = json!({
        "p_id": as_number(number), "shop_id": as_number(&world.doudian.shop_id), "order_status": 2,
        "update_time": world.now_ms() / 1000,
    });
    let body =
        json!([{"tag": tag.to_string(), "msg_id": format!("{number}:{tag}:1"), "data": data.to_string()}]);
    let body = body.to_string();
    let app = &world.doudian.app;
    let headers = [
        ("app-id", app.id.clone()),
        ("event-sign", verify::event_sign(&app.id, &body, &app.secret)),
        ("content-type", "application/json".to_owned()),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value));
    Some((headers.into(), body))
}
