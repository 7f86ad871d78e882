//! What happens to a keychain behind an app's back, done over D-Bus.

use std::process::Command;

use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
/// gnome-keyring's own interface, the only way to unlock without a prompt.
const INTERNAL: &str = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";

/// Locks the login collection. (`secret-tool lock` crashes in some versions.)
pub(crate) fn lock() {
    let bus = Connection::session().unwrap();
    let collections = vec![ObjectPath::try_from(LOGIN).unwrap()];
    let reply = bus
        .call_method(Some(SERVICE), ROOT, Some(INTERFACE), "Lock", &(collections,))
        .unwrap();
    let (locked, _prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = reply.body().deserialize().unwrap();
    assert_eq!(locked.len(), 1, "the login collection is locked");
}

/// Unlocks the login collection with its password; session and unlocking must share one connection.
pub(crate) fn unlock(password: &str) {
    let bus = Connection::session().unwrap();
    let input = Value::from("");
    let reply = bus
        .call_method(
            Some(SERVICE),
            ROOT,
            Some(INTERFACE),
            "OpenSession",
            &("plain", input),
        )
        .unwrap();
    let (_output, session): (OwnedValue, OwnedObjectPath) = reply.body().deserialize().unwrap();
    let secret = (
        session,
        Vec::<u8>::new(),
        password.as_bytes().to_vec(),
        "text/plain",
    );
    let login = ObjectPath::try_from(LOGIN).unwrap();
    bus.call_method(
        Some(SERVICE),
        ROOT,
        Some(INTERNAL),
        "UnlockWithMasterPassword",
        &(login, secret),
    )
    .unwrap();
}

/// Kills the keychain's daemon with SIGKILL and returns once the bus has noticed; the next call starts a new
/// one, locked.
pub(crate) fn kill_daemon() {
    let bus = Connection::session().unwrap();
    let dbus = zbus::blocking::fdo::DBusProxy::new(&bus).unwrap();
    let gone = dbus
        .receive_name_owner_changed_with_args(&[(0, SERVICE), (2, "")])
        .unwrap();
    let pid = dbus
        .get_connection_unix_process_id(SERVICE.try_into().unwrap())
        .unwrap();
    assert!(
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert!(
        gone.into_iter().next().is_some(),
        "the bus tells that the name lost its owner"
    );
}
