//! Between wire shapes and the port's words. Amounts have four decimals and must add up to what was paid, so they are
//! reckoned in hundredths of a fen; quantities have three decimals.

use super::wire::{Goods, Shop, Stock};
use connect::erp::{self, ErpItem, ErpOrder, ErpOrderLine, ErpRefund};
use connect::session::Session;
use connect::shanghai;
use domain::money::Money;
use serde_json::{Value, json};

/// Hundredths of a fen: the fourth decimal of a yuan.
const FINE: i64 = 100;

pub(super) fn branch(shop: Shop) -> erp::Branch {
    erp::Branch {
        code: shop.shop_no.0,
        name: shop.shop_name.0,
        active: !matches!(shop.is_disabled.as_str(), "1" | "true"),
    }
}

/// One item for each spec; what is deleted as a whole is deleted in each.
pub(super) fn items(goods: Goods) -> Vec<ErpItem> {
    let mut items = Vec::new();
    for good in goods.goods_list.0 {
        let gone = good.deleted.or_zero() > 0;
        for spec in good.spec_list.0 {
            let named = spec.spec_name.filled().filter(|name| *name != "暂无");
            let name = named.map_or_else(
                || good.goods_name.0.clone(),
                |spec| format!("{} {spec}", good.goods_name.0),
            );
            let unit = spec.unit_name.filled().unwrap_or(good.unit_name.as_str());
            items.push(ErpItem {
                name,
                unit: unit.to_owned(),
                code: spec.spec_no.0,
                short_code: good.goods_no.0.clone(),
                barcode: spec.barcode.0,
                price: spec.retail_price.0,
                deleted: gone || spec.deleted.or_zero() > 0,
            });
        }
    }
    items
}

/// Sellable thousandths of one warehouse: what lies there less what is ordered, waits to be sent, is booked ahead or not paid
/// yet. Which of these a merchant's ERP takes off is a switch of its own; all of them is never too much. Damaged goods do
/// not count.
pub(super) fn available(stock: &Stock) -> Option<i64> {
    if matches!(stock.defect.as_str(), "1" | "true") {
        return Some(0);
    }
    let taken = [
        &stock.order_num,
        &stock.sending_num,
        &stock.subscribe_num,
        &stock.unpay_num,
    ];
    let taken: i64 = taken.iter().filter_map(|text| milli(text.as_str())).sum();
    Some(milli(stock.stock_num.as_str())? - taken)
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
    let milli = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1000)?
        .checked_add(format!("{fine:0<3}").parse().ok()?)?;
    let cut = i64::from(rest.bytes().any(|b| b != b'0'));
    Some(if negative { -milli - cut } else { milli })
}

/// A whole number of parts as a JSON number: 127500 ten-thousandths are 12.75. As many digits survive the way through a
/// float and back as they are.
fn decimal(parts: i64, digits: u32) -> Value {
    let unit = 10_u64.pow(digits);
    let sign = if parts < 0 { "-" } else { "" };
    let parts = parts.unsigned_abs();
    let width = digits as usize;
    let text = format!("{sign}{}.{:0width$}", parts / unit, parts % unit);
    text.parse::<f64>().map_or(Value::Null, |number| json!(number))
}

fn fine(amount: i64) -> Value {
    decimal(amount, 4)
}

fn yuan(money: Money) -> Value {
    fine(money.0.saturating_mul(FINE))
}

/// What one line is written as: price × num − `share_discount` is its amount, to the last decimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct LineSums {
    /// Thousandths of the ERP's unit.
    num_milli: i64,
    /// Hundredths of a fen.
    price: i64,
    /// Hundredths of a fen.
    share_discount: i64,
}

/// A price by the ERP's unit seldom comes out even: it is rounded up to the next that makes price × num a number of four
/// decimals, and what that is too much goes off as discount. A line that bears no discount of its own and none by rounding
/// has none.
fn sums(line: &ErpOrderLine, amount: Money) -> LineSums {
    let num_milli = line.base_quantity_milli.saturating_mul(line.quantity).max(1);
    let gross = line.price.times(line.quantity).0.max(0).saturating_mul(FINE);
    let step = 1000 / gcd(num_milli, 1000);
    let exact = i128::from(gross) * 1000;
    let per_step = i128::from(num_milli) * i128::from(step);
    let steps = (exact + per_step - 1) / per_step;
    let price = i64::try_from(steps).unwrap_or(i64::MAX).saturating_mul(step);
    let product = i64::try_from(i128::from(price) * i128::from(num_milli) / 1000).unwrap_or(i64::MAX);
    LineSums {
        num_milli,
        price,
        share_discount: product - amount.0.saturating_mul(FINE),
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The first `most` characters.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Platforms that hide the receiver leave nothing to send, and the ERP wants something.
fn filled(text: &str) -> &str {
    if text.trim().is_empty() { "-" } else { text }
}

/// 省, 市 and 区 of the receiver: read from the beginning of the address, else what the settings `receiver_area.<branch>` or
/// `receiver_area` say (three words), since deliveries go to the neighbourhood of the shop.
fn area(order: &ErpOrder, session: &Session) -> [String; 3] {
    if let Some(read) = area_of(&order.receiver_address) {
        return read;
    }
    let own = format!("receiver_area.{}", order.branch);
    let set = session.setting(&own, session.setting("receiver_area", ""));
    let mut parts = set.split_whitespace().map(str::to_owned);
    [(); 3].map(|()| parts.next().unwrap_or_default())
}

fn area_of(address: &str) -> Option<[String; 3]> {
    const MUNICIPALITIES: [&str; 4] = ["北京", "上海", "天津", "重庆"];
    let (province, rest) = if let Some(city) = MUNICIPALITIES.iter().find(|one| address.starts_with(**one)) {
        let rest = address.strip_prefix(city)?;
        // 北京市朝阳区, 北京北京市朝阳区 and 北京市北京市朝阳区 are all written.
        let rest = rest.strip_prefix('市').unwrap_or(rest);
        let rest = rest
            .strip_prefix(city)
            .map_or(rest, |rest| rest.strip_prefix('市').unwrap_or(rest));
        let (district, _) = split_after(rest.trim_start(), &["区", "县"])?;
        return Some([(*city).to_owned(), format!("{city}市"), district.to_owned()]);
    } else {
        split_after(address, &["省", "自治区"])?
    };
    let (city, rest) = split_after(rest.trim_start(), &["自治州", "地区", "盟", "市"])?;
    let (district, _) = split_after(rest.trim_start(), &["区", "县", "旗", "市"])?;
    Some([province, city, district].map(str::to_owned))
}

/// Splits behind the first of these endings, when it comes early enough to end a name.
fn split_after<'a>(text: &'a str, endings: &[&str]) -> Option<(&'a str, &'a str)> {
    let at = endings
        .iter()
        .filter_map(|ending| text.find(ending).map(|at| at + ending.len()))
        .min()?;
    (text[..at].chars().count() <= 12).then(|| text.split_at(at))
}

/// The sub order's number; it must be the seller's only one of that name.
fn oid(order: &str, at: usize) -> String {
    format!("{order}-{}", at + 1)
}

/// Fee of delivery and what is left of the fees, which is packing.
fn fees(order: &ErpOrder, fees: Money) -> (Money, Money) {
    let post = Money(order.shipping_fee.0.min(fees.0));
    (post, fees - post)
}

/// An order for 企业版: paid is the sum of price × num − `share_discount`, the delivery fee and the others.
pub(super) fn enterprise_order(order: &ErpOrder, session: &Session) -> Value {
    let shares = order.shares();
    let (post, other) = fees(order, shares.fees);
    let [province, city, district] = area(order, session);
    let placed = shanghai::time(order.placed_at);
    let lines: Vec<Value> = order
        .lines
        .iter()
        .zip(&shares.lines)
        .enumerate()
        .map(|(at, (line, amount))| {
            let sums = sums(line, *amount);
            json!({
                "oid": oid(&order.number, at), "num": decimal(sums.num_milli, 3), "price": fine(sums.price),
                "status": 30, "refund_status": 0,
                "goods_id": cut(filled(&line.product_ref), 40), "spec_id": cut(&line.spec_ref, 40),
                "goods_no": line.item_code, "spec_no": line.item_code,
                "goods_name": cut(&line.product_name, 255), "spec_name": cut(&line.spec_name, 100),
                "adjust_amount": 0, "discount": 0, "share_discount": fine(sums.share_discount),
            })
        })
        .collect();
    json!({
        "tid": order.number, "trade_status": 30, "pay_status": 2, "delivery_term": 1,
        "trade_time": placed, "pay_time": placed,
        "buyer_nick": cut(filled(&order.receiver_name), 100),
        "receiver_name": cut(filled(&order.receiver_name), 100),
        "receiver_province": province, "receiver_city": city, "receiver_district": district,
        "receiver_address": cut(filled(&order.receiver_address), 255),
        "receiver_mobile": cut(&order.receiver_phone, 40), "receiver_zip": "",
        "buyer_message": cut(&order.remark, 255),
        "logistics_type": -1,
        "post_amount": yuan(post), "cod_amount": 0, "ext_cod_fee": 0, "other_amount": yuan(other),
        "paid": yuan(order.paid), "order_list": lines,
    })
}

/// An order for 旗舰版 and its lines, which go beside it.
pub(super) fn flagship_order(order: &ErpOrder, session: &Session) -> (Value, Vec<Value>) {
    let shares = order.shares();
    let (post, other) = fees(order, shares.fees);
    let placed = shanghai::time(order.placed_at);
    let (mut lines, mut discount, mut pieces) = (Vec::new(), 0, 0);
    for (at, (line, amount)) in order.lines.iter().zip(&shares.lines).enumerate() {
        let sums = sums(line, *amount);
        discount += sums.share_discount;
        pieces += sums.num_milli;
        lines.push(json!({
            "tid": order.number, "oid": oid(&order.number, at), "status": 30, "refund_status": 0,
            "goods_id": cut(filled(&line.product_ref), 40),
            "spec_id": cut(if line.spec_ref.is_empty() { &line.item_code } else { &line.spec_ref }, 40),
            "goods_no": line.item_code, "spec_no": line.item_code,
            "goods_name": cut(&line.product_name, 255), "spec_name": cut(&line.spec_name, 100),
            "num": decimal(sums.num_milli, 3), "price": fine(sums.price), "discount": 0,
            "share_discount": fine(sums.share_discount),
            "total_amount": fine(amount.0.saturating_mul(FINE) + sums.share_discount),
            "adjust_amount": 0, "refund_amount": 0, "remark": "", "json": "",
        }));
    }
    let body = json!({
        "tid": order.number, "process_status": 10, "trade_status": 30, "refund_status": 0, "pay_status": 2,
        "order_count": lines.len(), "goods_count": decimal(pieces, 3), "pay_method": 1,
        "trade_time": placed, "pay_time": placed, "end_time": Value::Null,
        "buyer_nick": cut(filled(&order.receiver_name), 100), "buyer_message": cut(&order.remark, 1024),
        "receiver_name": cut(filled(&order.receiver_name), 100),
        "receiver_area": area(order, session).join(" ").trim(),
        "receiver_address": cut(filled(&order.receiver_address), 256),
        "receiver_mobile": cut(&order.receiver_phone, 40),
        "post_amount": yuan(post), "other_amount": yuan(other), "discount": fine(discount),
        "receivable": yuan(order.paid), "paid": yuan(order.paid), "delivery_term": 1,
        "is_auto_wms": false, "warehouse_no": "",
    });
    (body, lines)
}

/// 2 when goods come back, 4 when only money does.
fn refund_type(refund: &ErpRefund) -> i64 {
    if refund.lines.is_empty() { 4 } else { 2 }
}

/// A refund for 企业版. Beyond number, order and type the fields are what public clients send; the sheet lists none.
pub(super) fn enterprise_refund(refund: &ErpRefund, shop: &str) -> Value {
    let lines: Vec<Value> = refund
        .lines
        .iter()
        .map(|line| json!({"spec_no": line.item_code, "num": decimal(line.base_quantity_milli.saturating_mul(line.quantity), 3)}))
        .collect();
    json!({
        "platform_id": 127, "shop_no": shop, "refund_no": refund.number, "tid": refund.order,
        "type": refund_type(refund), "status": "success", "refund_fee": yuan(refund.amount),
        "reason": cut(filled(&refund.reason), 255), "order_list": lines,
    })
}

/// The rows of a refund for 旗舰版: one for each line that comes back, or one for the money alone. Which sub order a line was is
/// not known any more; the spec's code stands for it.
pub(super) fn flagship_refund(refund: &ErpRefund) -> Vec<Value> {
    let row = |code: &str, num: Value, amount: Money| {
        json!({
            "refund_no": refund.number, "num": num, "tid": refund.order, "oid": "",
            "type": refund_type(refund), "status": 5, "refund_version": "1",
            "refund_amount": yuan(amount), "actual_refund_amount": yuan(amount), "title": "",
            "buyer_nick": "-", "is_aftersale": 1, "reason": cut(filled(&refund.reason), 255),
            "spec_no": code,
        })
    };
    if refund.lines.is_empty() {
        return vec![row("", json!(0), refund.amount)];
    }
    let goods: Money = refund
        .lines
        .iter()
        .map(|line| line.price.times(line.quantity))
        .sum();
    let mut left = refund.amount;
    let last = refund.lines.len() - 1;
    let mut rows = Vec::new();
    for (at, line) in refund.lines.iter().enumerate() {
        let own = line.price.times(line.quantity);
        let part = if at == last {
            left
        } else {
            Money(refund.amount.0.saturating_mul(own.0) / goods.0.max(1))
        };
        left = left - part;
        let num = decimal(line.base_quantity_milli.saturating_mul(line.quantity), 3);
        rows.push(row(&line.item_code, num, part));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{FINE, Stock, area_of, available, decimal, sums};
    use connect::erp::ErpOrderLine;
    use connect::wire::Text;
    use domain::money::Money;

    fn line(price: i64, quantity: i64, base: i64) -> ErpOrderLine {
        ErpOrderLine {
            item_code: "S-1".into(),
            product_name: String::new(),
            spec_name: String::new(),
            barcode: String::new(),
            product_ref: String::new(),
            spec_ref: String::new(),
            quantity,
            base_quantity_milli: base,
            price: Money(price),
        }
    }

    #[test]
    fn a_line_comes_out_to_the_last_decimal_whatever_its_unit() {
        for (price, quantity, base, amount) in [
            (990, 2, 1000, 1980),
            (990, 2, 1000, 1700),
            (990, 2, 525, 1980),
            (990, 1, 333, 870),
            (1, 7, 12_000, 7),
            (12_345, 3, 7, 37_035),
        ] {
            let line = line(price, quantity, base);
            let sums = sums(&line, Money(amount));
            let thousandths = sums.price * sums.num_milli;
            assert_eq!(thousandths % 1000, 0, "{line:?}: no fifth decimal");
            assert_eq!(
                thousandths / 1000 - sums.share_discount,
                amount * FINE,
                "{line:?}"
            );
            assert!(sums.share_discount >= 0);
        }
        let plain = sums(&line(990, 2, 1000), Money(1980));
        assert_eq!((plain.price, plain.share_discount), (99_000, 0));
    }

    #[test]
    fn what_is_promised_is_not_for_sale() {
        let stock = Stock {
            stock_num: Text("12.5000".into()),
            order_num: Text("2".into()),
            sending_num: Text("1.5".into()),
            ..Stock::default()
        };
        assert_eq!(available(&stock), Some(9000));
        let broken = Stock {
            defect: Text("true".into()),
            ..stock
        };
        assert_eq!(available(&broken), Some(0));
        assert_eq!(available(&Stock::default()), None);
    }

    #[test]
    fn the_area_is_read_from_the_address() {
        let read = |address| area_of(address).map(|parts| parts.join(" "));
        for address in ["北京市朝阳区三里屯 1 号", "北京北京市朝阳区三里屯 1 号"] {
            assert_eq!(read(address).as_deref(), Some("北京 北京市 朝阳区"));
        }
        assert_eq!(
            read("浙江省杭州市余杭区五常街道").as_deref(),
            Some("浙江省 杭州市 余杭区")
        );
        assert_eq!(read("三里屯 1 号"), None);
    }

    #[test]
    fn parts_become_decimals() {
        assert_eq!(decimal(127_500, 4).to_string(), "12.75");
        assert_eq!(decimal(-5, 3).to_string(), "-0.005");
    }
}
