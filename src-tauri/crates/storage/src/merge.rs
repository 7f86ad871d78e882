//! Taking one batch out of a row that others have written since: their fields stay, its own go back.

use serde_json::Value;

/// A field of the row was written again later: only a person can say which value holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct WrittenAgain;

/// What a row is without a batch that turned `before` into `after`, when it is `now`; none of it at all, when the batch
/// made it.
pub(crate) fn without(
    before: Option<&Value>,
    after: Option<&Value>,
    now: Option<&Value>,
) -> Result<Option<Value>, WrittenAgain> {
    if now == after {
        return Ok(before.cloned());
    }
    // A row that was made or deleted has no fields to keep.
    match (before, after, now) {
        (Some(before), Some(after), Some(now)) => field(before, after, now).map(Some).ok_or(WrittenAgain),
        _ => Err(WrittenAgain),
    }
}

fn field(before: &Value, after: &Value, now: &Value) -> Option<Value> {
    match (before, after, now) {
        _ if before == after => Some(now.clone()),
        _ if now == after => Some(before.clone()),
        (Value::Object(before), Value::Object(after), Value::Object(now)) => {
            let same_keys = before.len() == now.len() && after.len() == now.len();
            let fields = now.iter().map(|(key, now)| {
                let merged = field(before.get(key)?, after.get(key)?, now)?;
                Some((key.clone(), merged))
            });
            same_keys.then(|| fields.collect::<Option<_>>().map(Value::Object))?
        }
        (Value::Array(before), Value::Array(after), Value::Array(now)) => parts(before, after, now),
        _ => None,
    }
}

/// Parts that bear a name (SKUs under their id) are merged one by one while they stand in the same order; a plain list
/// (pictures, a path) is one value.
fn parts(before: &[Value], after: &[Value], now: &[Value]) -> Option<Value> {
    if before.len() != now.len() || after.len() != now.len() {
        return None;
    }
    let merged = before.iter().zip(after).zip(now).map(|((before, after), now)| {
        let composite = now.is_object() || now.is_array();
        if composite {
            field(before, after, now)
        } else {
            (before == now && after == now).then(|| now.clone())
        }
    });
    merged.collect::<Option<_>>().map(Value::Array)
}

#[cfg(test)]
mod tests {
    use super::{WrittenAgain, without};
    use serde_json::{Value, json};

    fn row(name: &str, pictures: &[&str], price: i64, unit: &str) -> Value {
        json!({ "name": name, "pictures": pictures, "skus": [[7, { "price": price, "unit": unit }], [8, { "price": 1, "unit": "" }]] })
    }

    fn merged(before: &Value, after: &Value, now: &Value) -> Option<Value> {
        without(Some(before), Some(after), Some(now)).ok().flatten()
    }

    #[test]
    fn what_others_wrote_beside_it_stays() {
        let before = row("奶", &[], 350, "瓶");
        let after = row("奶", &[], 360, "瓶");
        let pictures = row("奶", &["a"], 360, "瓶");
        assert_eq!(
            merged(&before, &after, &pictures),
            Some(row("奶", &["a"], 350, "瓶"))
        );
        let sibling = row("奶", &[], 360, "盒");
        assert_eq!(merged(&before, &after, &sibling), Some(row("奶", &[], 350, "盒")));
    }

    #[test]
    fn the_same_field_written_again_is_not_guessed() {
        let before = row("奶", &["a", "b"], 350, "瓶");
        assert_eq!(
            merged(
                &before,
                &row("奶", &["a", "b"], 360, "瓶"),
                &row("奶", &["a", "b"], 370, "瓶")
            ),
            None
        );
        // A list of pictures is one value, however little of it was changed.
        assert_eq!(
            merged(
                &before,
                &row("奶", &["c", "b"], 350, "瓶"),
                &row("奶", &["c", "d"], 350, "瓶")
            ),
            None
        );
    }

    #[test]
    fn specs_in_another_order_are_not_mixed_up() {
        let skus = |list: Value| json!({ "skus": list });
        let before = skus(json!([[7, { "price": 1 }], [8, { "price": 2 }]]));
        let after = skus(json!([[7, { "price": 1 }], [8, { "price": 3 }]]));
        let now = skus(json!([[8, { "price": 3 }], [7, { "price": 1 }]]));
        assert_eq!(merged(&before, &after, &now), None);
        let fewer = skus(json!([[8, { "price": 3 }]]));
        assert_eq!(merged(&before, &after, &fewer), None);
    }

    #[test]
    fn a_row_that_was_made_goes_only_as_it_was_made() {
        let (made, later) = (json!({ "a": 1 }), json!({ "a": 2 }));
        assert_eq!(without(None, Some(&made), Some(&made)), Ok(None));
        assert_eq!(without(None, Some(&made), Some(&later)), Err(WrittenAgain));
        assert_eq!(without(Some(&made), None, None), Ok(Some(made.clone())));
    }
}
