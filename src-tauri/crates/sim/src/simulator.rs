//! One world behind a transport: faults first, then the protocol that the path belongs to.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use parking_lot::{Mutex, MutexGuard};

use crate::faults::{FaultKind, Service};
use crate::scenario::Scenario;
use crate::wire::{Call, Reply};
use crate::world::World;
use crate::{
    ama, doudian, douyin_laike, ebai, eleme, feie, jddj, jushuitan, meituan, meituan_waimai, wangdiantong,
};

/// Why a call got no answer. Over a socket the connection is closed instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// The request never arrived; nothing happened.
    #[error("the request was lost before it arrived")]
    LostRequest,
    /// The effect happened; its answer was lost.
    #[error("the answer was lost after the effect")]
    LostAnswer,
    /// The connection was reset before anything happened.
    #[error("the connection was reset")]
    Reset,
    /// Nobody answered in time; whether anything happened is not to be seen.
    #[error("nobody answered in time")]
    TimedOut,
}

/// A world that answers requests. Cloning shares the world.
#[derive(Clone)]
pub struct Simulator {
    world: Arc<Mutex<World>>,
    scenario: Arc<Mutex<Option<Scenario>>>,
}

impl Simulator {
    /// Puts a world behind the transport.
    pub fn new(world: World) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            scenario: Arc::new(Mutex::new(None)),
        }
    }

    /// Remembers the scenario the world was built from, so that its story can be told on request.
    pub fn remember(&self, scenario: Scenario) {
        *self.scenario.lock() = Some(scenario);
    }

    /// The scenario the world was built from, if it was told.
    pub fn scenario(&self) -> Option<Scenario> {
        self.scenario.lock().clone()
    }

    /// The world, locked. Drop the guard before awaiting anything.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock()
    }

    /// Puts another world in the place of the present one.
    pub fn replace(&self, world: World) {
        *self.world.lock() = world;
    }

    /// Answers one request in process. The path decides the service: `/meituan/api/v1/…`, `/meituan/waimai/…`,
    /// `/meituan/wmoper/…`, `/ebai/…`, `/doudian/…`, `/eleme/…`, `/jddj/…`, `/laike/…`, `/ama/…`, `/jushuitan/…`,
    /// `/wangdiantong/…`, `/feie/…`; any other path gets HTTP 404. The signature is checked over the URL exactly as it
    /// stands in the request.
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFault> {
        let call = Call::read(request);
        let routed = route(&self.world(), &call);
        let Some((service, name)) = routed else {
            let missing = serde_json::json!({"error": "no such path"});
            return Ok(Reply::json(404, &missing, true).into_response());
        };
        let struck = self.world().faults.strike(service, &name);
        for fault in &struck {
            if let FaultKind::Latency { ms } = fault {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
            }
        }
        let mut doubled = false;
        let mut lost_answer = false;
        let mut truncated = false;
        for fault in &struck {
            match fault {
                FaultKind::Latency { .. } => {}
                FaultKind::LostRequest => return Err(CallFault::LostRequest),
                FaultKind::Reset => return Err(CallFault::Reset),
                FaultKind::TimedOut { ms, effect } => {
                    if *effect {
                        self.answer(service, &name, &call);
                    }
                    tokio::time::sleep(Duration::from_millis(*ms)).await;
                    return Err(CallFault::TimedOut);
                }
                FaultKind::DuplicateRequest => doubled = true,
                FaultKind::LostAnswer => lost_answer = true,
                FaultKind::TruncatedBody => truncated = true,
                refusal => return Ok(self.refuse(service, &name, &call, refusal).into_response()),
            }
        }
        if doubled {
            self.answer(service, &name, &call);
        }
        let reply = self.answer(service, &name, &call);
        if lost_answer {
            return Err(CallFault::LostAnswer);
        }
        Ok(if truncated { reply.truncated() } else { reply }.into_response())
    }

    fn answer(&self, service: Service, name: &str, call: &Call) -> Reply {
        let mut world = self.world();
        let now = world.now_ms();
        let shop = match service {
            Service::MeituanShangou => call.param("app_poi_code").map(str::to_owned),
            Service::MeituanWaimai => meituan_waimai::shop_named(&world, call),
            Service::Ebai => ebai::shop_named(call),
            Service::Doudian => doudian::shop_named(call),
            Service::Eleme => eleme::shop_named(call),
            Service::Jddj => jddj::shop_named(call),
            Service::DouyinLaike => douyin_laike::shop_named(call),
            Service::Ama | Service::Jushuitan | Service::Wangdiantong | Service::Feie => None,
        };
        let reply = if world.faults.within_quota(service, name, shop.as_deref(), now) {
            match service {
                Service::MeituanShangou => meituan::handle(&mut world, name, call),
                Service::MeituanWaimai => meituan_waimai::handle(&mut world, name, call),
                Service::Ebai => ebai::handle(&mut world, name, call),
                Service::Doudian => doudian::handle(&mut world, name, call),
                Service::Eleme => eleme::handle(&mut world, name, call),
                Service::Jddj => jddj::handle(&mut world, name, call),
                Service::DouyinLaike => douyin_laike::handle(&mut world, name, call),
                Service::Ama => ama::handle(&mut world, name, call),
                Service::Jushuitan => jushuitan::handle(&mut world, name, call),
                Service::Wangdiantong => wangdiantong::handle(&mut world, name, call),
                Service::Feie => feie::handle(&mut world, name, call),
            }
        } else {
            world
                .ledger
                .note_throttled(&format!("{}/{name}", service.as_str()));
            let throttle = FaultKind::Throttle {
                shape: crate::ErrorShape::Envelope,
            };
            refusal_of(&mut world, service, name, call, &throttle)
        };
        world
            .ledger
            .note_call(&format!("{}/{name}", service.as_str()), reply.refused);
        reply
    }

    fn refuse(&self, service: Service, name: &str, call: &Call, fault: &FaultKind) -> Reply {
        let mut world = self.world();
        let reply = refusal_of(&mut world, service, name, call, fault);
        world
            .ledger
            .note_call(&format!("{}/{name}", service.as_str()), true);
        reply
    }
}

fn refusal_of(world: &mut World, service: Service, name: &str, call: &Call, fault: &FaultKind) -> Reply {
    match fault {
        FaultKind::ServerError { status } => Reply::html((*status).clamp(500, 599)),
        FaultKind::HtmlPage => Reply::html(200),
        other => match service {
            Service::MeituanShangou => meituan::refusal(name, other),
            Service::MeituanWaimai => meituan_waimai::refusal(name, other),
            Service::Ebai => ebai::refusal(world, call, other),
            Service::Doudian => doudian::refusal(world, other),
            Service::Eleme => eleme::refusal(name, call, other),
            Service::Jddj => jddj::refusal(world, other),
            Service::DouyinLaike => douyin_laike::refusal(world, name, other),
            Service::Ama => ama::refusal(other),
            Service::Jushuitan => jushuitan::refusal(world, other),
            Service::Wangdiantong => wangdiantong::refusal(world, name, other),
            Service::Feie => feie::refusal(other),
        },
    }
}

/// The service and the name of the call a path belongs to.
fn route(world: &World, call: &Call) -> Option<(Service, String)> {
    if let Some(name) = call.path.strip_prefix("/meituan/api/v1/") {
        return Some((meituan::service(world, name, call), name.to_owned()));
    }
    if let Some(name) = meituan_waimai::path_of(&call.path) {
        return Some((Service::MeituanWaimai, name.to_owned()));
    }
    if call.path == "/ebai" || call.path == "/ebai/" {
        let command = call
            .form
            .iter()
            .find(|(name, _)| name == "cmd")
            .map(|(_, value)| value.clone());
        return Some((Service::Ebai, command.unwrap_or_default()));
    }
    if let Some(method) = doudian::method_of(&call.path) {
        return Some((Service::Doudian, method));
    }
    if let Some(path) = call.path.strip_prefix("/eleme/") {
        return eleme::named(path, call).map(|name| (Service::Eleme, name));
    }
    if let Some(name) = jddj::named(&call.path) {
        return Some((Service::Jddj, name));
    }
    if let Some(name) = douyin_laike::named(&call.path) {
        return Some((Service::DouyinLaike, name));
    }
    if let Some(name) = call.path.strip_prefix("/jushuitan/") {
        return Some((Service::Jushuitan, name.to_owned()));
    }
    if let Some(name) = wangdiantong::named(call) {
        return Some((Service::Wangdiantong, name));
    }
    if call.path.strip_suffix('/').unwrap_or(&call.path) == "/feie/Api/Open" {
        let name = call.form.iter().find(|(name, _)| name == "apiname");
        return Some((
            Service::Feie,
            name.map(|(_, value)| value.clone()).unwrap_or_default(),
        ));
    }
    let path = call.path.strip_prefix("/ama/")?;
    let name = path
        .strip_prefix("authserver/")
        .or_else(|| path.strip_prefix("api/"))
        .unwrap_or(path);
    Some((Service::Ama, name.to_owned()))
}
