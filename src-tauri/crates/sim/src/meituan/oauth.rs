//! Tokens of an ISV application (2.1). Lifetimes are not published; these are placeholders the answer states.

use serde_json::{Value, json};

use super::{Answer, Refusal, admit_shop, need, shop_of, state, state_mut};
use crate::wire::Call;
use crate::world::{TokenPair, World};

const ACCESS_S: i64 = 2_592_000;
const REFRESH_S: i64 = 5_184_000;

pub(super) fn authorize(world: &mut World, call: &Call) -> Answer {
    if need(call, "response_type")? != "token" {
        return Err(Refusal::format("response_type"));
    }
    let code = need(call, "app_poi_code")?.to_owned();
    admit_shop(shop_of(world, call, &code)?)?;
    Ok(issue(world, call, &code))
}

/// An authorization code works once; a refresh token is replaced by every refresh.
pub(super) fn token(world: &mut World, call: &Call) -> Answer {
    let shop_code = match need(call, "grant_type")? {
        "authorization_code" => {
            let code = need(call, "code")?;
            state_mut(world, call)
                .codes
                .remove(code)
                .ok_or_else(|| Refusal::new(4001, super::EXPIRED))?
        }
        "refresh_token" => {
            let refresh = need(call, "refresh_token")?;
            let now = world.now_ms();
            let owner = state(world, call)
                .tokens
                .iter()
                .find(|(_, pair)| pair.refresh == refresh);
            let (code, pair) = owner.ok_or_else(|| Refusal::new(704, super::ILLEGAL_TOKEN))?;
            if pair.refresh_until <= now {
                return Err(Refusal::new(4001, super::EXPIRED));
            }
            code.clone()
        }
        _ => return Err(Refusal::format("grant_type")),
    };
    admit_shop(shop_of(world, call, &shop_code)?)?;
    Ok(issue(world, call, &shop_code))
}

fn issue(world: &mut World, call: &Call, shop_code: &str) -> Value {
    let now = world.now_ms();
    let pair = TokenPair {
        access: format!("token_{}", world.draw().hex(12)),
        refresh: format!("refresh_token_{}", world.draw().hex(12)),
        access_until: now + ACCESS_S * 1000,
        refresh_until: now + REFRESH_S * 1000,
    };
    let answer = json!({
        "status": 0, "access_token": pair.access, "expires_in": ACCESS_S, "refresh_token": pair.refresh,
        "re_expires_in": REFRESH_S, "state": "", "message": "",
    });
    state_mut(world, call).tokens.insert(shop_code.to_owned(), pair);
    answer
}
