//! What 抖音来客 sends to the application's address by itself (8, 9): webhooks, and SPI calls that wait for an answer.

use serde_json::{Value, json};

use super::verify;
use crate::wire::Pair;
use crate::world::{OrderState, RefundState, World};

/// A request to the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Query of the address; empty for webhooks.
    pub query: Vec<Pair>,
    /// Headers by small letters.
    pub headers: Vec<Pair>,
    /// The body.
    pub body: String,
}

fn pair(name: &str, value: impl Into<String>) -> Pair {
    (name.to_owned(), value.into())
}

fn webhook(world: &World, document: &Value, mark: &str) -> Push {
    let body = document.to_string();
    Push {
        query: Vec::new(),
        headers: vec![
            pair("content-type", "application/json"),
            pair("msg-id", mark),
            pair(
                "x-douyin-signature",
                verify::webhook(&world.laike.app.secret, &body),
            ),
        ],
        body,
    }
}

fn event(world: &World, name: &str, content: &Value, mark: &str) -> Push {
    let document = json!({
        "event": name, "client_key": world.laike.app.id, "content": content.to_string(), "log_id": mark,
    });
    webhook(world, &document, mark)
}

/// The question with which the platform tries an address; the answer repeats the number.
pub fn challenge(world: &World, number: i64) -> Push {
    let document = json!({
        "event": "verify_webhook", "client_key": world.laike.app.id, "content": {"challenge": number},
    });
    webhook(world, &document, "challenge")
}

/// The webhook of an order's present state; `None` for an order that is not there.
pub fn order(world: &World, number: &str) -> Option<Push> {
    let order = world.orders.get(number)?;
    let name = match world.order_state(order) {
        _ if order.fully_refunded() => "life_trade_refund_complete",
        _ if order
            .refunds
            .iter()
            .any(|refund| refund.state == RefundState::Agreed) =>
        {
            "life_trade_part_refund_complete"
        }
        OrderState::Placed => "life_takeout_order_pay_success",
        OrderState::Confirmed => "life_takeout_order_merchant_receive",
        OrderState::Completed => "life_trade_takeout_order_finish",
        OrderState::Cancelled => "life_takeout_order_pay_close",
    };
    let content = json!({"order_id": number, "poi_id": order.shop, "account_id": world.laike.account_id});
    Some(event(world, name, &content, &format!("{name}:{number}")))
}

/// The webhook of a product's audit that has ended.
pub fn audit(world: &World, product: &str) -> Push {
    let content = json!({"product_id": product, "account_id": world.laike.account_id, "audit_status": 1});
    event(world, "life_product_audit", &content, &format!("audit:{product}"))
}

/// The SPI call with which a customer's refund is told; `None` for an order that is not there.
pub fn refund(world: &World, number: &str) -> Option<Push> {
    let order = world.orders.get(number)?;
    let refund = order.refunds.last()?;
    let body = json!({"order_id": number, "after_sale_id": refund.number, "refund_amount": refund.money_fen})
        .to_string();
    let query = vec![
        pair("client_key", world.laike.app.id.clone()),
        pair("timestamp", world.now_ms().to_string()),
        pair("sign", "0"),
    ];
    let sign = verify::spi(&world.laike.app.secret, &query, &body);
    Some(Push {
        headers: vec![
            pair("content-type", "application/json"),
            pair("x-life-clientkey", world.laike.app.id.clone()),
            pair("x-life-sign", sign),
            pair("x-bytedance-logid", "20260301"),
        ],
        query,
        body,
    })
}
