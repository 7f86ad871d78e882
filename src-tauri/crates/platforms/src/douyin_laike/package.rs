//! What a product is made of (商品搭配, F69): the dishes of a package cost more together than the package does. Goods of
//! ours go out as a package of themselves.

use super::client::{Client, rejected};
use super::wire::{Product, Sku};
use connect::error::RemoteError;
use connect::wire::{Int, List, Text};
use domain::money::Money;
use serde_json::{Value, json};

/// The attribute that holds the dishes. Its whole form is not published; the template's example shows groups with an
/// `item_list` of `name`, `price` (fen), `count` and `unit` (fact sheet 6).
pub(super) const COMMODITY: &str = "commodity";

/// A package: its groups as they came, and what its dishes cost together.
pub(super) struct Package {
    groups: Vec<Value>,
    /// Σ price × count in fen; the SKU's `origin_amount` where no dishes are told.
    pub(super) highest: i64,
}

/// How a price stands to a package.
pub(super) enum Fit {
    /// The price may be set.
    Good,
    /// Only with these dishes and this sum: the attribute's text (none where no dishes are told) and fen.
    Raised(Option<String>, i64),
}

fn items(group: &Value) -> impl Iterator<Item = &Value> {
    group
        .get("item_list")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn number(item: &Value, name: &str) -> i64 {
    let value = item.get(name).cloned().unwrap_or_default();
    serde_json::from_value::<Int>(value).unwrap_or_default().or_zero()
}

fn sum(groups: &[Value]) -> i64 {
    groups
        .iter()
        .flat_map(items)
        .map(|item| number(item, "price").saturating_mul(number(item, "count").max(1)))
        .sum()
}

impl Package {
    /// The package of a product that is there.
    pub(super) fn of(product: &Product, sku: &Sku) -> Self {
        let text = product.attr_key_value_map.get(COMMODITY).map(Text::as_str);
        let groups: List<Value> = text
            .and_then(|text| serde_json::from_value(json!(text)).ok())
            .unwrap_or_default();
        let groups = groups.0;
        let told = sum(&groups);
        Self {
            highest: if groups.is_empty() {
                sku.origin_amount.or_zero().0
            } else {
                told
            },
            groups,
        }
    }

    /// A package of one dish, as ours are; the merchant's own have more or several of one.
    fn of_itself(&self) -> bool {
        let mut all = self.groups.iter().flat_map(items);
        match (all.next(), all.next()) {
            (None, _) => true,
            (Some(item), None) => number(item, "count") <= 1,
            _ => false,
        }
    }

    /// Whether the price fits. A package of itself gets a higher price on paper. A merchant's own package is the
    /// merchant's: its dishes are raised in proportion only where the account's setting `raise_dishes` is `on`.
    pub(super) fn fit(&self, client: &Client<'_>, price: Money) -> Result<Fit, RemoteError> {
        let needed = lowest(client, price);
        if self.highest >= needed {
            return Ok(Fit::Good);
        }
        if !self.of_itself() && client.session.setting("raise_dishes", "off") != "on" {
            return Err(rejected(format!(
                "实付价不能大于最高售价：搭配里菜品价格之和 {} 元，售价 {} 元",
                Money(self.highest).to_yuan(),
                price.to_yuan()
            )));
        }
        if self.groups.is_empty() {
            return Ok(Fit::Raised(None, needed));
        }
        let mut groups = self.groups.clone();
        for item in groups.iter_mut().filter_map(|group| group.get_mut("item_list")) {
            for item in item.as_array_mut().into_iter().flatten() {
                let raised = in_proportion(number(item, "price"), needed, self.highest);
                item["price"] = json!(raised);
            }
        }
        let sum = sum(&groups);
        Ok(Fit::Raised(Some(Value::Array(groups).to_string()), sum))
    }
}

/// A dish's price raised as the whole is, rounded up so that the sum is never short.
fn in_proportion(price: i64, needed: i64, sum: i64) -> i64 {
    if sum <= 0 {
        return needed;
    }
    let raised = (i128::from(price) * i128::from(needed) + i128::from(sum) - 1) / i128::from(sum);
    i64::try_from(raised).unwrap_or(needed)
}

/// The least that the dishes of a package of this price cost together, in fen. Merchants are told "greater than", a
/// client in use makes both equal (fact sheet 6): the setting `price_rule` = `equal` lets equal be enough.
fn lowest(client: &Client<'_>, price: Money) -> i64 {
    price.0 + i64::from(client.session.setting("price_rule", "above") != "equal")
}

/// The package of a new product: itself, once. The attribute's text and what it costs on paper, in fen.
pub(super) fn of_itself(client: &Client<'_>, name: &str, price: Money) -> (String, i64) {
    let highest = lowest(client, price);
    let item = json!({"name": name, "price": highest, "count": 1, "unit": "份"});
    let group = json!([{"group_name": "套餐", "total_count": 1, "option_count": 1, "item_list": [item]}]);
    (group.to_string(), highest)
}

#[cfg(test)]
mod tests {
    use super::in_proportion;

    #[test]
    fn dishes_are_raised_in_proportion_and_never_fall_short() {
        let dishes = [999, 1501, 1];
        let sum: i64 = dishes.iter().sum();
        for needed in [2502, 3001, 7777] {
            let raised: i64 = dishes
                .iter()
                .map(|price| in_proportion(*price, needed, sum))
                .sum();
            assert!((needed..needed + 3).contains(&raised), "{raised} of {needed}");
        }
        assert_eq!(in_proportion(0, 500, 0), 500);
    }
}
