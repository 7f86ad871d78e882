//! Between records and the port's words. Money is yuan with two digits, a unit price has up to four.

use super::client::rejected;
use super::wire::{Level, Product, Unit, Warehouse, decimal, yes};
use connect::erp::{Branch, ErpItem, ErpOrderLine, ErpStock};
use connect::error::RemoteError;
use connect::wire::Yuan;
use domain::money::Money;
use serde_json::{Value, json};

pub(super) fn branch(warehouse: Warehouse) -> Branch {
    let code = warehouse.code.filled().map(str::to_owned);
    Branch {
        code: code.unwrap_or_else(|| warehouse.id.to_string()),
        name: warehouse.name.0,
        active: yes(&warehouse.active),
    }
}

pub(super) fn item(product: Product) -> ErpItem {
    let deleted = !product.sold();
    let barcode = product
        .identifiers
        .iter()
        .find(|one| one.kind.as_str() == "ean")
        .map(|one| one.code.0.clone());
    let price = product
        .list_price_used
        .and_then(|price| serde_json::from_value::<Yuan>(json!(price.decimal)).ok()?.0);
    ErpItem {
        code: product.code.0,
        short_code: String::new(),
        name: product.name.0,
        barcode: barcode.unwrap_or_default(),
        unit: product.unit.symbol.0,
        price,
        deleted,
    }
}

/// What is there today and not promised to another order: what is expected to come in cannot be sold yet.
pub(super) fn stock(level: &Level) -> ErpStock {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a quantity of goods in thousandths"
    )]
    let milli = |quantity: f64| (quantity * 1000.0).round() as i64;
    ErpStock {
        code: level.code.0.clone(),
        available_milli: milli(level.quantity.min(level.forecast_quantity)),
    }
}

/// A line of a sale and what it comes to.
pub(super) struct Line {
    pub(super) record: Value,
    pub(super) amount: Money,
}

/// What was sold (`sign` 1) or comes back (−1) of one product, in the product's own unit. The price of one unit has four
/// digits at most, so the line may come to a little other than it should; the document's last line makes up for it.
pub(super) fn line(row: &ErpOrderLine, product: &Product, sign: i64) -> Result<Line, RemoteError> {
    let milli = row.quantity * row.base_quantity_milli;
    let quantity = quantity(milli, &product.unit).ok_or_else(|| {
        rejected(
            "quantity",
            format!(
                "商品编号[{}]的数量 {} {} 比单位允许的小数位多：请在 ERP 换用更小的单位",
                row.item_code,
                plain(milli, 3),
                product.unit.symbol.as_str()
            ),
        )
    })?;
    let total = row.price.times(row.quantity).0;
    // Hundredths of a fen for one unit, cut.
    let unit_price = total
        .checked_mul(100_000)
        .and_then(|total| total.checked_div(milli))
        .unwrap_or(0);
    let name = format!("{} {}", row.product_name, row.spec_name);
    let record = json!({
        "type": "line",
        "product": product.id,
        "unit": product.default_uom,
        "quantity": number(&quantity) * sign_of(sign),
        "unit_price": decimal(&plain(unit_price, 4)),
        "description": name.trim(),
    });
    // Rounded half to even by the server; half a fen does not come up with less than three digits of quantity.
    let amount = (unit_price * milli + 50_000).div_euclid(100_000);
    Ok(Line {
        record,
        amount: Money(amount * sign),
    })
}

/// A line without a product: a fee, or what makes the document come to what was paid.
pub(super) fn extra(name: &str, amount: Money) -> Value {
    json!({
        "type": "line",
        "quantity": 1.0,
        "unit_price": decimal(&plain(amount.0, 2)),
        "description": name,
    })
}

/// A quantity as decimal text when the unit can hold it.
fn quantity(milli: i64, unit: &Unit) -> Option<String> {
    let step = 10_i64.pow(3_u32.saturating_sub(unit.digits));
    (milli > 0 && milli % step == 0).then(|| plain(milli, 3))
}

/// A fixed-point number as text.
pub(super) fn plain(value: i64, digits: u32) -> String {
    let one = 10_u64.pow(digits);
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let width = digits as usize;
    format!("{sign}{}.{:0width$}", value / one, value % one)
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_default()
}

fn sign_of(sign: i64) -> f64 {
    if sign < 0 { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::{line, plain, quantity};
    use crate::tryton::wire::{Product, Unit};
    use connect::erp::ErpOrderLine;
    use domain::money::Money;

    fn product(digits: u32) -> Product {
        Product {
            id: 7,
            unit: Unit {
                digits,
                ..Unit::default()
            },
            ..Product::default()
        }
    }

    fn row(quantity: i64, base_quantity_milli: i64, fen: i64) -> ErpOrderLine {
        ErpOrderLine {
            item_code: "1022".to_owned(),
            product_name: "苹果".to_owned(),
            spec_name: String::new(),
            barcode: String::new(),
            product_ref: String::new(),
            spec_ref: String::new(),
            quantity,
            base_quantity_milli,
            price: Money(fen),
        }
    }

    #[test]
    fn a_line_counts_in_the_unit_of_the_product_and_its_price_is_of_one_unit() {
        let made = line(&row(2, 1_500, 600), &product(2), 1).unwrap();
        assert_eq!(made.record["quantity"], 3.0);
        assert_eq!(made.record["unit_price"]["decimal"], "4.0000");
        assert_eq!(made.amount, Money(1_200));
        let back = line(&row(2, 1_500, 600), &product(2), -1).unwrap();
        assert_eq!(back.record["quantity"], -3.0);
        assert_eq!(back.amount, Money(-1_200));
    }

    #[test]
    fn a_price_with_more_than_four_digits_is_cut_and_what_the_line_comes_to_is_told() {
        let made = line(&row(1, 3_000, 100), &product(0), 1).unwrap();
        assert_eq!(made.record["unit_price"]["decimal"], "0.3333");
        assert_eq!(made.amount, Money(100));
        let many = line(&row(7_000, 3_000, 100), &product(0), 1).unwrap();
        assert_eq!(many.amount, Money(699_930));
    }

    #[test]
    fn a_quantity_that_the_unit_cannot_hold_is_refused_before_it_is_sent() {
        assert!(quantity(525, &product(2).unit).is_none());
        assert_eq!(quantity(520, &product(2).unit).unwrap(), "0.520");
        let told = line(&row(1, 525, 100), &product(2), 1).err().unwrap();
        assert!(told.text().contains("0.525"), "{told:?}");
        assert_eq!(plain(-5, 2), "-0.05");
    }
}
