//! Orders of family B: one by its number, and by its number of the day where orders are taken (fact sheet 11.1).

use super::client::Client;
use crate::meituan_open::orders::Source;
use crate::meituan_open::wire::Order;
use async_trait::async_trait;
use connect::error::RemoteError;
use connect::platform::RemoteRefund;
use connect::shanghai;
use serde_json::{Map, Value, json};

/// Whether orders can be read: today's first, which need not be there yet.
pub(super) async fn readable(client: &Client<'_>) -> Result<usize, RemoteError> {
    let today = shanghai::day(client.now());
    Ok(usize::from(client.at(&today, 1).await?.is_some()))
}

#[async_trait]
impl Source for Client<'_> {
    fn now(&self) -> i64 {
        self.gateway.now(self.session)
    }

    fn first_days(&self) -> i64 {
        self.session.setting("first_pull_days", "1").parse().unwrap_or(1)
    }

    /// This family does not tell it.
    async fn latest(&self) -> Result<Option<i64>, RemoteError> {
        Ok(None)
    }

    async fn at(&self, date: &str, seq: i64) -> Result<Option<Order>, RemoteError> {
        let biz = json!({"ePoiId": self.shop()?, "daySeq": seq, "date": date});
        match self.read::<Value>("/waimai/order/queryByDaySeq", biz).await {
            Ok(Value::Null) => Ok(None),
            Ok(order) => Ok(Some(parsed(order)?)),
            Err(error) => none_there(error).map(|()| None),
        }
    }

    async fn read(&self, number: &str) -> Result<Order, RemoteError> {
        // A number too long for 64 bits stays text.
        let id = number
            .parse::<u64>()
            .map_or_else(|_| json!(number), |id| json!(id));
        let path = if self.takes_orders() {
            "/waimai/order/queryById"
        } else {
            "/wmoper/ng/order/queryDetail"
        };
        parsed(Client::read(self, path, json!({"orderId": id})).await?)
    }

    /// No call of this family that tells refunds is documented in the open; a cancelled order shows by its state.
    async fn refunds(&self, _number: &str) -> Result<Vec<RemoteRefund>, RemoteError> {
        Ok(Vec::new())
    }
}

/// There is no such order. Its code is not known, its words are.
fn none_there(error: RemoteError) -> Result<(), RemoteError> {
    match error {
        RemoteError::Rejected { ref code, ref text } if code == "806" || text.contains("不存在") => Ok(()),
        error => Err(error),
    }
}

/// The order in family A's words: the same fields, in camel case, with a few names of their own.
fn parsed(order: Value) -> Result<Order, RemoteError> {
    let malformed = |_| RemoteError::Malformed {
        raw: "an order of another shape".to_owned(),
    };
    let mut order = snake(order);
    if let Some(fields) = order.as_object_mut() {
        for (theirs, ours) in [
            ("order_id_view", "wm_order_id_view"),
            ("e_poi_id", "app_poi_code"),
            ("c_time", "ctime"),
            ("u_time", "utime"),
            // The edition without taking orders tells no other moment.
            ("order_send_time", "ctime"),
        ] {
            let told = fields.get(theirs).cloned();
            if let (Some(told), None) = (told, fields.get(ours)) {
                fields.insert(ours.to_owned(), told);
            }
        }
        let lines = match fields.get("detail") {
            Some(Value::String(text)) => serde_json::from_str(text).ok(),
            lines => lines.cloned(),
        };
        if let Some(Value::Array(lines)) = lines {
            let lines = lines.into_iter().map(snake).collect();
            fields.insert("detail".to_owned(), Value::Array(lines));
        }
    }
    let order: Order = serde_json::from_value(order).map_err(malformed)?;
    if crate::meituan_open::order_map::number(&order).is_empty() {
        return Err(RemoteError::Malformed {
            raw: "an order without a number".to_owned(),
        });
    }
    Ok(order)
}

/// The names of an object in snake case; what is there in snake case already wins.
fn snake(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let mut renamed = Map::new();
    for (name, value) in &fields {
        let mut plain = String::with_capacity(name.len() + 4);
        for char in name.chars() {
            if char.is_ascii_uppercase() {
                plain.push('_');
            }
            plain.push(char.to_ascii_lowercase());
        }
        if plain == *name || !fields.contains_key(&plain) {
            renamed.insert(plain, value.clone());
        }
    }
    Value::Object(renamed)
}

#[cfg(test)]
mod tests {
    use super::parsed;
    use serde_json::json;

    #[test]
    fn an_order_in_camel_case_is_read_with_its_lines() {
        let order = parsed(json!({
            "orderId": 27_057_681_346_840_001_u64, "orderIdView": 27_057_681_346_840_001_u64, "daySeq": "7",
            "cTime": 1_700_000_000, "originalPrice": 30.8, "total": 25.8,
            "detail": "[{\"app_food_code\":\"D-1\",\"food_name\":\"宫保鸡丁\",\"quantity\":2,\"price\":9.9}]",
        }))
        .unwrap();
        assert_eq!(order.ctime.0, Some(1_700_000_000));
        assert_eq!((order.day_seq.0, order.detail.0.len()), (Some(7), 1));
        let other = parsed(json!({
            "orderId": 1, "orderSendTime": 5, "detail": [{"appFoodCode": "D-1", "foodName": "面", "skuId": "S", "quantity": 1}],
        }))
        .unwrap();
        assert_eq!((other.ctime.0, other.detail.0[0].sku_id.as_str()), (Some(5), "S"));
        assert!(parsed(json!({"data": 1})).is_err());
    }
}
