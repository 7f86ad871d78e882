//! Between wire shapes and the port's words. Money of orders is whole fen, stock has three decimals.

use super::wire::{Branch, Document, Item, Stock, yes};
use connect::erp::{self, ErpDocument, ErpItem, ErpOrder, ErpOrderLine, ErpRefund};
use connect::session::Session;
use connect::shanghai;
use domain::money::Money;
use serde_json::{Value, json};

pub(super) fn branch(branch: Branch) -> erp::Branch {
    erp::Branch {
        code: branch.branch_num.0,
        name: branch.branch_name.0,
        active: branch.branch_actived.is_empty() || yes(&branch.branch_actived),
    }
}

/// Which number 商品编码 equals: `item_num` (default) or `item_code`, by the setting `item_code_field`.
pub(super) fn by_item_code(session: &Session) -> bool {
    session.setting("item_code_field", "item_num") == "item_code"
}

pub(super) fn item(item: Item, session: &Session) -> ErpItem {
    let deleted = yes(&item.item_del_tag) || yes(&item.item_sale_cease_flag);
    let price = price(&item.item_regular_price, session);
    let (code, short_code) = if by_item_code(session) {
        (item.item_code.0, item.item_num.0)
    } else {
        (item.item_num.0, item.item_code.0)
    };
    ErpItem {
        code,
        short_code,
        name: item.item_name.0,
        barcode: item.item_barcode.0,
        unit: item.item_unit.0,
        price,
        deleted,
    }
}

/// The unit of item prices is not documented. A decimal can only be yuan; a whole number is taken as yuan too, since
/// master data is not said to be in fen as order money is, unless the setting `item_price_unit` says `fen`.
fn price(value: &Value, session: &Session) -> Option<Money> {
    let yuan = |value: &Value| {
        serde_json::from_value::<connect::wire::Yuan>(value.clone())
            .ok()?
            .0
    };
    let decimal = match value {
        Value::Number(number) => number.is_f64(),
        Value::String(text) => text.contains('.'),
        _ => return None,
    };
    if decimal || session.setting("item_price_unit", "yuan") != "fen" {
        return yuan(value);
    }
    serde_json::from_value::<connect::wire::Fen>(value.clone())
        .ok()?
        .0
}

/// Sellable thousandths: what AMA calls valid, else what is there less what is locked.
pub(super) fn available(stock: &Stock) -> Option<i64> {
    milli(stock.inventory_valid_amount.as_str()).or_else(|| {
        let locked = milli(stock.inventory_lock_amount.as_str()).unwrap_or(0);
        Some(milli(stock.inventory_amount.as_str())? - locked)
    })
}

/// Thousandths of a decimal text; finer digits are cut off towards less.
fn milli(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) {
        return None;
    }
    let (fine, rest) = fraction.split_at(fraction.len().min(3));
    let fine: i64 = format!("{fine:0<3}").parse().ok()?;
    let milli = whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(fine)?;
    let cut = i64::from(rest.bytes().any(|b| b != b'0'));
    Some(if negative { -milli - cut } else { milli })
}

/// A decimal from thousandths, as a JSON number: 1500 is 1.5.
fn decimal(milli: i64) -> Value {
    if milli % 1000 == 0 {
        return json!(milli / 1000);
    }
    let sign = if milli < 0 { "-" } else { "" };
    let milli = milli.unsigned_abs();
    let text = format!("{sign}{}.{:03}", milli / 1000, milli % 1000);
    // Three decimals survive the way through a float and back as they are.
    text.parse::<f64>().map_or(Value::Null, |number| json!(number))
}

/// `erp_store_id` is a whole number. Anything else goes as the text it is, and AMA answers in its own words (F19).
fn store_number(branch: &str) -> Value {
    branch
        .parse::<i64>()
        .map_or_else(|_| json!(branch), |number| json!(number))
}

/// A text that AMA requires: platforms that hide the receiver leave nothing to send.
fn required(text: &str) -> &str {
    if text.trim().is_empty() { "-" } else { text }
}

pub(super) fn order(order: &ErpOrder, session: &Session) -> Value {
    let lines: Vec<Value> = order.lines.iter().map(|row| line(row, session)).collect();
    let shipping: i64 = session.setting("shipping_type", "0").parse().unwrap_or(0);
    json!({
        "platform_order_id": order.number,
        "erp_store_id": store_number(&order.branch),
        "platform_shop_id": order.platform_store,
        "store_name": required(&order.store_name),
        "store_address": required(session.setting("store_address", &order.store_name)),
        "shipping_type": shipping,
        "total_money": order.original.0,
        "payment_money": order.paid.0,
        "discount_money": (order.original - order.paid).0.max(0),
        "income": order.income.0,
        "post_fee_money": order.shipping_fee.0,
        "package_fee_money": order.packing_fee.0,
        "receiver_name": required(&order.receiver_name),
        "receiver_phone": required(&order.receiver_phone),
        "receiver_address": order.receiver_address,
        "buyer_message": order.remark,
        "create_time": shanghai::time(order.placed_at),
        "order_item_list": lines,
    })
}

pub(super) fn refund(refund: &ErpRefund, session: &Session) -> Value {
    let lines: Vec<Value> = refund.lines.iter().map(|row| line(row, session)).collect();
    json!({
        "platform_order_id": refund.order,
        "platform_refund_id": refund.number,
        "refund_money": refund.amount.0,
        "refund_reason": refund.reason,
        "order_item_list": lines,
    })
}

fn line(line: &ErpOrderLine, session: &Session) -> Value {
    let money = line.price.times(line.quantity).0;
    // "基本销售单位数量，单位(KG)" beside a whole `amount`: read as what the whole line takes from stock. Should a
    // merchant's AMA multiply by itself, the setting `base_unit_num` = `per_piece` sends that of one piece.
    let base = match session.setting("base_unit_num", "per_line") {
        "per_piece" => line.base_quantity_milli,
        _ => line.base_quantity_milli.saturating_mul(line.quantity),
    };
    json!({
        "product_name": line.product_name,
        "product_id": line.product_ref,
        "spec_id": line.spec_ref,
        "spec_name": line.spec_name,
        "erp_product_id": line.item_code,
        "price": line.price.0,
        "upc": line.barcode,
        "base_unit_num": decimal(base),
        "sku_features": line.spec_name,
        "total_money": money,
        "payment_money": money,
        "amount": line.quantity,
    })
}

/// The document behind an upload: what an upload answers is not documented, so a number is taken where there is one.
pub(super) fn document(result: &Value, reference: &str) -> ErpDocument {
    let told = match result {
        Value::Object(_) => {
            serde_json::from_value::<Document>(result.clone()).map(|document| document.order_no.0)
        }
        Value::String(_) | Value::Number(_) => {
            serde_json::from_value::<connect::wire::Text>(result.clone()).map(|text| text.0)
        }
        _ => Ok(String::new()),
    };
    let number = told.ok().filter(|number| !number.is_empty());
    ErpDocument {
        reference: reference.to_owned(),
        number: number.unwrap_or_else(|| reference.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{decimal, milli};
    use serde_json::json;

    #[test]
    fn thousandths_become_decimals_and_back_exactly() {
        for (thousandths, text) in [
            (1000, "1"),
            (525, "0.525"),
            (1500, "1.5"),
            (-5, "-0.005"),
            (0, "0"),
        ] {
            assert_eq!(decimal(thousandths).to_string(), text);
            assert_eq!(milli(text), Some(thousandths), "{text}");
        }
        assert_eq!(decimal(12_345), json!(12.345));
    }

    #[test]
    fn stock_is_never_rounded_up() {
        assert_eq!(milli("0.9999"), Some(999));
        assert_eq!(milli("-0.0001"), Some(-1));
        assert_eq!(milli("1.2.3"), None);
        assert_eq!(milli(""), None);
        assert_eq!(milli("12"), Some(12_000));
    }
}
