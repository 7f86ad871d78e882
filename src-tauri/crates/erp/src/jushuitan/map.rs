//! Between wire shapes and the port's words. Money is yuan with two decimals, quantities are whole.

use super::wire::{Sku, Stock};
use connect::erp::{ErpItem, ErpOrder, ErpOrderLine, ErpRefund};
use connect::error::RemoteError;
use connect::shanghai;
use domain::money::Money;
use serde_json::{Value, json};

pub(super) fn item(sku: Sku) -> ErpItem {
    let spec = sku.properties_value.filled().map(|spec| format!(" {spec}"));
    ErpItem {
        code: sku.sku_id.0,
        short_code: sku.i_id.0,
        name: format!("{}{}", sku.name.0, spec.unwrap_or_default()),
        barcode: sku.sku_code.0,
        unit: sku.unit.0,
        price: sku.sale_price.0,
        // 1 is on, 0 off, -1 void; an answer without the field says nothing against the goods.
        deleted: sku.enabled.0.is_some_and(|enabled| enabled != 1),
    }
}

/// Sellable thousandths. The formula is the community's, the vendor publishes none (fact sheet 1.4).
pub(super) fn available(stock: &Stock) -> i64 {
    let locked = stock.order_lock.or_zero() + stock.pick_lock.or_zero();
    (stock.qty.or_zero() - locked + stock.virtual_qty.or_zero()).saturating_mul(1000)
}

/// The shop number is a whole number; anything else goes as the text it is and is refused in the ERP's own words (F19b).
pub(super) fn shop(branch: &str) -> Value {
    branch
        .parse::<i64>()
        .map_or_else(|_| json!(branch), |number| json!(number))
}

/// Yuan as a JSON number: two decimals survive the way through a float and back as they are.
fn yuan(money: Money) -> Value {
    money
        .to_yuan()
        .parse::<f64>()
        .map_or(Value::Null, |number| json!(number))
}

/// The first `most` characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Pieces in the ERP's unit. It takes whole ones only.
fn quantity(line: &ErpOrderLine) -> Result<i64, RemoteError> {
    let milli = line.base_quantity_milli.saturating_mul(line.quantity);
    if milli > 0 && milli % 1000 == 0 {
        return Ok(milli / 1000);
    }
    Err(RemoteError::Rejected {
        code: String::new(),
        text: format!(
            "ERP只收整数数量：商品编码[{}]的{}件按基本数量不是整数",
            line.item_code, line.quantity
        ),
    })
}

/// An order with the money it arrives as paid with: without `pay` of the same amount it would wait for payment. The sum of
/// the line amounts and the freight is what was paid; there is no field for a discount, so each line carries its part. The
/// packing fee has no field either and goes with the freight.
pub(super) fn order(order: &ErpOrder) -> Result<Value, RemoteError> {
    let shares = order.shares();
    let placed = shanghai::time(order.placed_at);
    let lines: Vec<Value> = order
        .lines
        .iter()
        .zip(&shares.lines)
        .enumerate()
        .map(|(at, (line, amount))| row(line, *amount, at + 1))
        .collect::<Result<_, _>>()?;
    let mut body = json!({
        "shop_id": shop(&order.branch),
        "so_id": order.number,
        "order_date": placed,
        "shop_status": "WAIT_SELLER_SEND_GOODS",
        "shop_buyer_id": cut(filled(&order.receiver_name), 50),
        "receiver_name": cut(filled(&order.receiver_name), 50),
        "receiver_mobile": cut(&order.receiver_phone, 50),
        "receiver_address": cut(filled(&order.receiver_address), 200),
        "pay_amount": yuan(order.paid),
        "freight": yuan(shares.fees),
        "buyer_message": cut(&order.remark, 400),
        "shop_modified": placed,
        "items": lines,
        "pay": {
            "outer_pay_id": cut(&order.number, 50),
            "pay_date": placed,
            "payment": "平台支付",
            "seller_account": cut(filled(&order.store_name), 50),
            "buyer_account": cut(filled(&order.receiver_name), 50),
            "amount": yuan(order.paid),
        },
    });
    if order.receiver_phone.is_empty()
        && let Some(fields) = body.as_object_mut()
    {
        fields.remove("receiver_mobile");
    }
    Ok(body)
}

/// Platforms that hide the receiver leave nothing to send, and the ERP wants something.
fn filled(text: &str) -> &str {
    if text.trim().is_empty() { "-" } else { text }
}

fn row(line: &ErpOrderLine, amount: Money, at: usize) -> Result<Value, RemoteError> {
    let pieces = quantity(line)?;
    Ok(json!({
        "sku_id": line.item_code,
        "shop_sku_id": cut(if line.spec_ref.is_empty() { &line.item_code } else { &line.spec_ref }, 128),
        "name": cut(&line.product_name, 100),
        "properties_value": cut(&line.spec_name, 100),
        "amount": yuan(amount),
        "price": each(amount, pieces),
        "base_price": each(line.price.times(line.quantity), pieces),
        "qty": pieces,
        // Unique within the order.
        "outer_oi_id": at.to_string(),
    }))
}

/// The price of one piece, rounded to four decimals; the line's amount stays what counts.
fn each(amount: Money, pieces: i64) -> Value {
    let fine = (amount.0.saturating_mul(100) + pieces / 2) / pieces.max(1);
    let text = format!("{}.{:04}", fine / 10_000, fine % 10_000);
    text.parse::<f64>().map_or(Value::Null, |number| json!(number))
}

/// An after-sale of what was paid back. With lines the goods came back; without, only money did.
pub(super) fn refund(refund: &ErpRefund, branch: &str) -> Result<Value, RemoteError> {
    let returned = !refund.lines.is_empty();
    let lines: Vec<Value> = refund
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            Ok(json!({
                "outer_oi_id": (at + 1).to_string(),
                "sku_id": line.item_code,
                "qty": quantity(line)?,
                "amount": yuan(line.price.times(line.quantity)),
                "type": "退货",
            }))
        })
        .collect::<Result<_, RemoteError>>()?;
    Ok(json!({
        "shop_id": shop(branch),
        "outer_as_id": refund.number,
        "so_id": refund.order,
        "type": if returned { "普通退货" } else { "仅退款" },
        "shop_status": "SUCCESS",
        "good_status": if returned { "BUYER_RETURNED_GOODS" } else { "BUYER_RECEIVED" },
        "question_type": cut(filled(&refund.reason), 50),
        "total_amount": yuan(refund.amount),
        "refund": yuan(refund.amount),
        "payment": 0,
        "items": lines,
    }))
}

#[cfg(test)]
mod tests {
    use super::{Stock, available, each, quantity};
    use connect::erp::ErpOrderLine;
    use connect::wire::Int;
    use domain::money::Money;

    #[test]
    fn what_is_locked_cannot_be_sold_and_what_is_virtual_can() {
        let stock = Stock {
            qty: Int(Some(12)),
            order_lock: Int(Some(3)),
            pick_lock: Int(Some(1)),
            virtual_qty: Int(Some(5)),
            ..Stock::default()
        };
        assert_eq!(available(&stock), 13_000);
    }

    #[test]
    fn a_price_has_four_decimals() {
        assert_eq!(each(Money(1000), 3).to_string(), "3.3333");
        assert_eq!(each(Money(990), 1).to_string(), "9.9");
    }

    #[test]
    fn parts_of_a_piece_are_refused_with_the_code_in_the_text() {
        let line = |base, quantity| ErpOrderLine {
            item_code: "S-1".into(),
            product_name: String::new(),
            spec_name: String::new(),
            barcode: String::new(),
            product_ref: String::new(),
            spec_ref: String::new(),
            quantity,
            base_quantity_milli: base,
            price: Money(100),
        };
        assert_eq!(quantity(&line(6000, 2)), Ok(12));
        assert_eq!(quantity(&line(500, 2)), Ok(1));
        assert!(quantity(&line(525, 1)).unwrap_err().text().contains("S-1"));
    }
}
