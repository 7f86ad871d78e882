//! Booking sales and returns. The server takes the same reference twice, sells products that were switched off, and
//! makes a document in four steps; so each booking looks first, and goes on where an earlier one stopped.

use super::Shop;
use super::client::{Client, rejected};
use super::map::{self, extra};
use super::wire::{Party, Product, Sale, date};
use connect::erp::{ErpDocument, ErpOrder, ErpOrderLine, ErpRefund};
use connect::error::RemoteError;
use connect::shanghai;
use domain::money::Money;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Steps from a draft to a sale that is being worked on: the state it is in, and the call that leaves it.
const STEPS: [(&str, &str); 3] = [
    ("draft", "model.sale.sale.quote"),
    ("quotation", "model.sale.sale.confirm"),
    ("confirmed", "model.sale.sale.process"),
];

/// The document with this reference, unless it was cancelled.
pub(super) async fn find(
    client: &Client<'_>,
    shop: &Shop,
    reference: &str,
) -> Result<Option<Sale>, RemoteError> {
    let domain = json!([
        ["reference", "=", reference],
        ["company", "=", shop.company],
        ["state", "!=", "cancelled"],
    ]);
    let found: Vec<Sale> = client
        .read(
            "model.sale.sale.search_read",
            vec![
                domain,
                json!(0),
                json!(1),
                json!([["id", "ASC"]]),
                json!(["number", "state"]),
            ],
            shop.context(),
        )
        .await?;
    Ok(found.into_iter().next())
}

/// Whether a document has gone all its steps.
pub(super) fn is_booked(sale: &Sale) -> bool {
    !STEPS.iter().any(|(state, _)| *state == sale.state.as_str())
}

pub(super) fn document(reference: &str, sale: &Sale) -> ErpDocument {
    ErpDocument {
        reference: reference.to_owned(),
        number: sale.number.filled().unwrap_or(reference).to_owned(),
    }
}

/// Books an order once, however often it is called.
pub(super) async fn book_order(
    client: &Client<'_>,
    shop: &Shop,
    order: &ErpOrder,
) -> Result<ErpDocument, RemoteError> {
    if let Some(sale) = find(client, shop, &order.number).await? {
        return advance(client, shop, sale, &order.number).await;
    }
    let warehouse = shop.warehouse(&order.branch)?;
    let mut lines = Lines::of(client, shop, &order.lines, 1).await?;
    lines.add("配送费", order.shipping_fee);
    lines.add("包装费", order.packing_fee);
    lines.add("优惠与尾差", order.paid - lines.amount);
    let party = party(client, shop, &order.store_name).await?;
    let sale = json!({
        "reference": order.number,
        "comment": comment(order),
        "sale_date": date(&shanghai::day(order.placed_at)),
        "lines": [["create", lines.records]],
    });
    create(client, shop, (warehouse, &party), sale, &order.number).await
}

/// Books a return once. Without lines money alone goes back.
pub(super) async fn book_refund(
    client: &Client<'_>,
    shop: &Shop,
    refund: &ErpRefund,
    today: &str,
) -> Result<ErpDocument, RemoteError> {
    if let Some(sale) = find(client, shop, &refund.number).await? {
        return advance(client, shop, sale, &refund.number).await;
    }
    let Some(sold) = find(client, shop, &refund.order).await? else {
        return Err(rejected(
            "order_missing",
            format!(
                "退款对应的订单 {} 还没有进 ERP：先推送订单，再推退款",
                refund.order
            ),
        ));
    };
    let mut lines = Lines::of(client, shop, &refund.lines, -1).await?;
    lines.add("退款差额", Money(-refund.amount.0) - lines.amount);
    let of = json!([["id", "=", sold.id]]);
    let fields = json!(["party", "invoice_address", "warehouse"]);
    let args = vec![of, json!(0), json!(1), Value::Null, fields];
    let rows: Vec<HashMap<String, Value>> = client
        .read("model.sale.sale.search_read", args, shop.context())
        .await?;
    let whole = |name: &str| rows.first().and_then(|row| row.get(name)?.as_i64()).unwrap_or(0);
    let party = Party {
        id: whole("party"),
        addresses: vec![whole("invoice_address")],
    };
    let sale = json!({
        "reference": refund.number,
        "comment": refund.reason,
        "origin": format!("sale.sale,{}", sold.id),
        "sale_date": date(today),
        "lines": [["create", lines.records]],
    });
    create(client, shop, (whole("warehouse"), &party), sale, &refund.number).await
}

/// Makes the draft and takes it through its steps. A draft that the server will not take further is cancelled, so that
/// the next booking begins with the library as it is then (F15a).
async fn create(
    client: &Client<'_>,
    shop: &Shop,
    (warehouse, party): (i64, &Party),
    mut sale: Value,
    reference: &str,
) -> Result<ErpDocument, RemoteError> {
    let address = party.addresses.first();
    sale["company"] = json!(shop.company);
    sale["currency"] = json!(shop.currency);
    sale["party"] = json!(party.id);
    sale["invoice_address"] = json!(address);
    sale["shipment_address"] = json!(address);
    sale["warehouse"] = json!(warehouse);
    // Money is settled with the platform; the books' accounts are not ours.
    sale["invoice_method"] = json!("manual");
    sale["shipment_method"] = json!("order");
    let made = client
        .change("model.sale.sale.create", vec![json!([sale])], shop.context())
        .await?;
    let id = made
        .get(0)
        .and_then(Value::as_i64)
        .ok_or_else(|| RemoteError::Malformed {
            raw: connect::gateway::beginning(made.to_string().as_bytes()),
        })?;
    let draft = Sale {
        id,
        state: connect::wire::Text("draft".to_owned()),
        ..Sale::default()
    };
    let booked = advance(client, shop, draft, reference).await;
    if let Err(RemoteError::Rejected { .. }) = &booked {
        let cancelled = client
            .change("model.sale.sale.cancel", vec![json!([id])], shop.context())
            .await;
        if let Err(error) = cancelled {
            tracing::warn!(%error, "a draft that was refused is left in the ERP");
        }
    }
    booked
}

/// Goes the steps that are left.
async fn advance(
    client: &Client<'_>,
    shop: &Shop,
    sale: Sale,
    reference: &str,
) -> Result<ErpDocument, RemoteError> {
    if is_booked(&sale) {
        return Ok(document(reference, &sale));
    }
    let left = STEPS
        .iter()
        .skip_while(|(state, _)| *state != sale.state.as_str());
    for (_, step) in left {
        client
            .change(step, vec![json!([sale.id])], shop.context())
            .await?;
    }
    let numbered = find(client, shop, reference).await?;
    Ok(document(reference, numbered.as_ref().unwrap_or(&sale)))
}

/// Lines of a document and what they come to.
struct Lines {
    records: Vec<Value>,
    amount: Money,
}

impl Lines {
    async fn of(
        client: &Client<'_>,
        shop: &Shop,
        rows: &[ErpOrderLine],
        sign: i64,
    ) -> Result<Self, RemoteError> {
        let products = products(client, shop, rows).await?;
        let mut lines = Self {
            records: Vec::new(),
            amount: Money(0),
        };
        for row in rows {
            let made = map::line(row, &products[&row.item_code], sign)?;
            lines.records.push(made.record);
            lines.amount = lines.amount + made.amount;
        }
        Ok(lines)
    }

    /// A line without goods, where there is anything to it.
    fn add(&mut self, name: &str, amount: Money) {
        if amount != Money(0) {
            self.records.push(extra(name, amount));
            self.amount = self.amount + amount;
        }
    }
}

/// The products of all rows. The server sells what was switched off and takes codes it does not know for an error of
/// its own; here both are told in the words that AMA has for it, which the dictionary knows (F03).
async fn products(
    client: &Client<'_>,
    shop: &Shop,
    rows: &[ErpOrderLine],
) -> Result<HashMap<String, Product>, RemoteError> {
    let codes: Vec<&str> = rows.iter().map(|row| row.item_code.as_str()).collect();
    let found: Vec<Product> = client
        .read(
            super::PRODUCTS,
            vec![
                json!([["code", "in", codes]]),
                json!(0),
                Value::Null,
                Value::Null,
                json!(super::PRODUCT_FIELDS),
            ],
            shop.context(),
        )
        .await?;
    let found: HashMap<String, Product> = found
        .into_iter()
        .filter(Product::sold)
        .map(|product| (product.code.0.clone(), product))
        .collect();
    match codes.iter().find(|code| !found.contains_key(**code)) {
        Some(code) => Err(rejected(
            "no_product",
            format!("找不到商品资料:商品编号[{code}]没有匹配商品或商品已删除"),
        )),
        None => Ok(found),
    }
}

/// The party that stands for the buyers of one store: who they are is the platform's to know.
async fn party(client: &Client<'_>, shop: &Shop, store: &str) -> Result<Party, RemoteError> {
    let _alone = shop.parties.lock().await;
    let name = format!("平台顾客 {store}");
    let name = name.trim();
    let args = vec![
        json!([["name", "=", name]]),
        json!(0),
        json!(1),
        json!([["id", "ASC"]]),
        json!(["addresses"]),
    ];
    let found: Vec<Party> = client
        .read("model.party.party.search_read", args.clone(), shop.context())
        .await?;
    if let Some(party) = found.into_iter().next() {
        return Ok(party);
    }
    let new = json!([{"name": name, "addresses": [["create", [{}]]]}]);
    client
        .change("model.party.party.create", vec![new], shop.context())
        .await?;
    let made: Vec<Party> = client
        .read("model.party.party.search_read", args, shop.context())
        .await?;
    made.into_iter().next().ok_or_else(|| RemoteError::Malformed {
        raw: "a party that was made is not found".to_owned(),
    })
}

/// What whoever packs needs to know; empty parts are left out.
fn comment(order: &ErpOrder) -> String {
    let parts = [
        &order.receiver_name,
        &order.receiver_phone,
        &order.receiver_address,
        &order.remark,
    ];
    let filled: Vec<&str> = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    filled.join("\n")
}
