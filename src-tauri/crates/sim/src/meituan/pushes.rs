//! What the platform posts to the addresses of an application (12): one form per event, values encoded twice, signed over
//! the address that was told to the platform.

use url::form_urlencoded::byte_serialize;

use super::orders::order_document;
use super::verify;
use crate::wire::Pair;
use crate::world::{App, PlatformId, World};

fn signed(app: &App, now_ms: i64, address: &str, fields: Vec<Pair>) -> String {
    let mut fields = fields;
    fields.push(("app_id".to_owned(), app.id.clone()));
    fields.push(("timestamp".to_owned(), (now_ms / 1000).to_string()));
    let sig = verify::signature(address, &fields, &app.secret);
    fields.push(("sig".to_owned(), sig));
    let twice = |value: &str| {
        let once: String = byte_serialize(value.as_bytes()).collect();
        byte_serialize(once.as_bytes()).collect::<String>()
    };
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", twice(value)))
        .collect();
    fields.join("&")
}

fn app(world: &World, platform: PlatformId) -> &App {
    match platform {
        PlatformId::MeituanWaimai => &world.waimai.app,
        _ => &world.meituan.app,
    }
}

/// The push of an order as it stands now: the form that is posted to `address`. `None` for an order that is not there.
pub fn order_push(world: &World, number: &str, address: &str) -> Option<String> {
    let order = world.orders.get(number)?;
    let document = order_document(world, order);
    let fields = document.as_object()?.iter().map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), text)
    });
    let app = app(world, order.platform);
    Some(signed(app, world.now_ms(), address, fields.collect()))
}

/// The push of a shop that was bound to a service provider's application: it carries the code that is traded for tokens.
/// How `poi_info` is written is not public; here it is JSON with the shop's code and name.
pub fn bound_push(world: &World, platform: PlatformId, shop: &str, code: &str, address: &str) -> String {
    let name = world
        .shops(platform)
        .get(shop)
        .map_or("", |shop| shop.name.as_str());
    let info = serde_json::json!({"app_poi_code": shop, "poi_name": name}).to_string();
    let now = world.now_ms();
    let fields = [
        ("op_type", "1"),
        ("poi_info", &info),
        ("op_time", &(now / 1000).to_string()),
        ("op_source", "1"),
        ("authorize_code", code),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    signed(app(world, platform), now, address, fields.into())
}
