//! Products as `food*` calls of both families write them (fact sheet 9.4).

use connect::platform::{ListingWrite, SkuWrite};
use domain::money::Money;
use serde_json::{Map, Value, json};

/// How a family and its edition spell the fields of a product and of a spec.
pub(super) struct Spelling {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) sold_out: &'static str,
    pub(super) least: &'static str,
    pub(super) box_num: &'static str,
    pub(super) box_price: &'static str,
    pub(super) sku: &'static str,
}

/// `food*` of family A and of businessId 16.
pub(super) const FOOD: Spelling = Spelling {
    code: "app_food_code",
    name: "name",
    group: "category_name",
    sold_out: "is_sold_out",
    least: "min_order_count",
    box_num: "box_num",
    box_price: "box_price",
    sku: "sku_id",
};

/// `/waimai/dish/batchUpload` of businessId 2.
pub(super) const DISH: Spelling = Spelling {
    code: "EDishCode",
    name: "dishName",
    group: "categoryName",
    sold_out: "isSoldOut",
    least: "minOrderCount",
    box_num: "boxNum",
    box_price: "boxPrice",
    sku: "skuId",
};

/// Whether the specs the platform holds have to be sent along: leaving `skus` out resets them there.
pub(super) fn needs_specs(write: &ListingWrite) -> bool {
    write.remote_id.is_some() && write.skus.is_empty()
}

/// One product. `held` are its specs as the platform told them, where they have to be sent along.
pub(super) fn product(write: &ListingWrite, held: Option<&Value>, spelling: &Spelling) -> Value {
    let creating = write.remote_id.is_none();
    let mut product = Map::new();
    product.insert(spelling.code.to_owned(), json!(write.outer_code));
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            product.insert(name.to_owned(), value);
        }
    };
    set(spelling.name, write.name.as_ref().map(|name| json!(name)));
    let group = write.group_path.as_ref().and_then(|path| path.last());
    set(spelling.group, group.map(|name| json!(name)));
    let on_sale = write.on_sale.or(creating.then_some(true));
    set(spelling.sold_out, on_sale.map(|on| json!(i32::from(!on))));
    // One picture is shown (F33): the main one.
    let picture = write.pictures.as_ref().map(|ids| ids.first().cloned());
    set("picture", picture.map(|id| json!(id.unwrap_or_default())));
    set("description", write.description.as_ref().map(|text| json!(text)));
    let price = write.skus.iter().filter_map(|sku| sku.price).min();
    let packing = write.skus.iter().filter_map(|sku| sku.packing_fee).max();
    if let Some(fee) = packing {
        set(spelling.box_num, Some(json!(1)));
        set(spelling.box_price, Some(yuan(fee)));
    } else if creating {
        set(spelling.box_num, Some(json!(0)));
        set(spelling.box_price, Some(json!(0)));
    }
    if creating {
        set("price", price.map(yuan));
        set("unit", Some(json!("份")));
        set(spelling.least, Some(json!(1)));
    }
    if write.skus.is_empty() {
        set("skus", held.map(|specs| spelt(specs, spelling)));
    } else {
        let skus = write.skus.iter().map(|write| sku(write, spelling)).collect();
        set("skus", Some(Value::Array(skus)));
    }
    Value::Object(product)
}

/// A number with at most two decimals: 9.9 stays 9.9.
fn yuan(money: Money) -> Value {
    serde_json::from_str(&money.to_yuan()).unwrap_or(Value::Null)
}

fn sku(write: &SkuWrite, spelling: &Spelling) -> Value {
    let mut sku = Map::new();
    sku.insert(spelling.sku.to_owned(), json!(write.outer_sku_code));
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            sku.insert(name.to_owned(), Value::String(value));
        }
    };
    set("spec", write.spec_name.clone());
    set("upc", write.barcode.clone());
    set("price", write.price.map(Money::to_yuan));
    set("stock", write.stock.map(|stock| stock.to_string()));
    // `batchUpload` knows no box and no weight of a single spec.
    if spelling.sku == FOOD.sku {
        if let Some(fee) = write.packing_fee {
            set(spelling.box_num, Some("1".to_owned()));
            set(spelling.box_price, Some(fee.to_yuan()));
        }
        // The unit has to be named with the weight.
        if let Some(grams) = write.weight_g {
            sku.insert("weight".to_owned(), json!(grams));
            sku.insert("weight_unit".to_owned(), json!("克"));
        }
    }
    Value::Object(sku)
}

/// Specs as they were read, in the words of the writing call. Reading says `sku_id` everywhere.
fn spelt(specs: &Value, spelling: &Spelling) -> Value {
    let mut specs = specs.clone();
    if spelling.sku != FOOD.sku {
        for spec in specs.as_array_mut().into_iter().flatten() {
            let told = |name: &str| spec.get(name).cloned().unwrap_or(Value::Null);
            *spec = json!({
                spelling.sku: told("sku_id"), "spec": told("spec"), "upc": told("upc"), "price": told("price"),
                "stock": told("stock"),
            });
        }
    }
    specs
}

/// The specs of a product as the platform told it: an array, or JSON text holding one.
pub(super) fn specs_of(product: &Value) -> Option<Value> {
    match product.get("skus")? {
        Value::String(text) => serde_json::from_str(text).ok(),
        Value::Array(specs) => Some(Value::Array(specs.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{DISH, FOOD, needs_specs, product, specs_of};
    use connect::platform::ListingWrite;
    use serde_json::json;

    #[test]
    fn a_rename_carries_the_specs_that_are_there_in_the_call_s_own_words() {
        let write = ListingWrite {
            remote_id: Some("1".to_owned()),
            outer_code: "P-1".to_owned(),
            name: Some("新名字".to_owned()),
            ..ListingWrite::default()
        };
        assert!(needs_specs(&write));
        let told = json!({"skus": "[{\"sku_id\":\"S\",\"spec\":\"份\",\"price\":\"9.9\",\"stock\":\"*\",\"box_num\":\"1\"}]"});
        let held = specs_of(&told).unwrap();
        let food = product(&write, Some(&held), &FOOD);
        assert_eq!(food["skus"], held);
        assert!(food.get("picture").is_none());
        let dish = product(&write, Some(&held), &DISH);
        assert_eq!(
            (&dish["EDishCode"], &dish["skus"][0]["skuId"]),
            (&json!("P-1"), &json!("S"))
        );
        assert_eq!(dish["skus"][0]["stock"], "*");
    }
}
