//! The application's token (1): 7200 seconds, no refresh token; a newer one leaves the one before it five minutes.

use serde_json::{Map, json};

use super::{Answer, Body, Refusal, need};
use crate::world::{LaikeState, World};

/// More than so many asked for within [`WINDOW_MS`] are refused.
const MOST: usize = 500;
const WINDOW_MS: i64 = 300_000;

pub(super) fn too_often() -> Refusal {
    Refusal::new(10_020, "请求过于频繁")
}

/// A new token; the stable variant gives the present one until it is near its end.
pub(super) fn give(world: &mut World, body: &Body, stable: bool) -> Answer {
    let (key, secret) = (need_of(body, "client_key")?, need_of(body, "client_secret")?);
    if need_of(body, "grant_type")? != "client_credential" {
        return Err(Refusal::new(10_002, "参数错误: grant_type"));
    }
    if key != world.laike.app.id {
        return Err(Refusal::new(10_003, "client_key错误"));
    }
    if secret != world.laike.app.secret {
        return Err(Refusal::new(10_013, "client_key或者client_secret报错"));
    }
    let now = world.now_ms();
    let asked = &mut world.laike.asked;
    asked.retain(|at| now - at < WINDOW_MS);
    if asked.len() >= MOST {
        return Err(too_often());
    }
    asked.push_back(now);
    if let Some((token, until)) = world.laike.tokens.back()
        && stable
        && until - now > LaikeState::OVERLAP_MS
    {
        return Ok(told(token, (until - now) / 1000));
    }
    let token = format!("clt.{}", world.draw().hex(24));
    if let Some((_, until)) = world.laike.tokens.back_mut() {
        *until = (*until).min(now + LaikeState::OVERLAP_MS);
    }
    world
        .laike
        .tokens
        .push_back((token.clone(), now + LaikeState::TOKEN_S * 1000));
    while world.laike.tokens.len() > 2 {
        world.laike.tokens.pop_front();
    }
    Ok(told(&token, LaikeState::TOKEN_S))
}

fn told(token: &str, seconds: i64) -> Map<String, serde_json::Value> {
    let fields = [("access_token", json!(token)), ("expires_in", json!(seconds))];
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

fn need_of(body: &Body, name: &str) -> Result<String, Refusal> {
    need(body, name).map_err(|_| Refusal::new(10_002, format!("参数错误: {name}")))
}

/// Whether the token that came with a call is good now.
pub(super) fn admit(world: &World, token: Option<&str>) -> Result<(), Refusal> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Err(Refusal::new(2_190_002, "access_token无效"));
    };
    let now = world.now_ms();
    match world.laike.tokens.iter().find(|(held, _)| held == token) {
        Some((_, until)) if *until > now => Ok(()),
        Some(_) => Err(super::token_expired()),
        None => Err(Refusal::new(2_190_002, "access_token无效")),
    }
}
