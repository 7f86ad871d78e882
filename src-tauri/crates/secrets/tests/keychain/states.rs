//! One test per state of measured keychains.

use keyring::Entry;
use secrets::{Credentials, Error, KeyOrigin, Vault, VaultState};

use crate::bus;
use crate::scene::{Session, Stage, handover, step};

const PROFILE: &str = "profile-1";
const ACCOUNT: &str = "account-1";
const CANARY: &str = "canary-secret-密钥";
const PASSWORD: &str = "ci-pass";

fn credentials() -> Credentials {
    [("app_secret", CANARY)].into_iter().collect()
}

/// Runs `body` inside `session`, or starts this binary again to do so.
fn inside(test: &'static str, session: &Session, body: impl FnOnce()) {
    if step().is_some() {
        return body();
    }
    if let Some(stage) = Stage::prepare(test) {
        stage.play(session, "only");
    }
}

/// A vault with a key and something sealed, its key no longer loaded.
fn sealed_once() -> (Vault, Vec<u8>) {
    let vault = Vault::keychain(PROFILE);
    assert_eq!(vault.ensure_key(false).unwrap(), KeyOrigin::Made);
    let sealed = vault.seal(ACCOUNT, &credentials()).unwrap();
    vault.forget_key();
    (vault, sealed)
}

fn assert_opens(vault: &Vault, sealed: &[u8]) {
    assert_eq!(
        vault.open(ACCOUNT, sealed).unwrap().expose("app_secret"),
        Some(CANARY)
    );
    assert_eq!(vault.probe(true), VaultState::Ready);
}

/// Every way of asking gives the same state, and none of them makes a key.
fn assert_state(vault: &Vault, sealed: &[u8], expected: VaultState) {
    assert_eq!(vault.probe(true), expected, "probe");
    let errors = [
        ("ensure_key", vault.ensure_key(true).unwrap_err()),
        ("seal", vault.seal(ACCOUNT, &credentials()).unwrap_err()),
        ("open", vault.open(ACCOUNT, sealed).unwrap_err()),
    ];
    for (call, error) in errors {
        let Error::Unavailable { state, .. } = &error else {
            panic!("{call}: {error:?}")
        };
        assert_eq!(*state, expected, "{call}: {error:?}");
    }
}

#[test]
fn without_a_session_bus_there_is_no_service() {
    inside(
        "states::without_a_session_bus_there_is_no_service",
        &Session::NoBus,
        || {
            for marker in [false, true] {
                let vault = Vault::keychain(PROFILE);
                assert_eq!(vault.state(marker), VaultState::NoService);
                assert_eq!(vault.ensure_key(marker).unwrap_err().code(), "vault.no_service");
            }
            assert_state(&Vault::keychain(PROFILE), b"", VaultState::NoService);
        },
    );
}

#[test]
fn a_bus_without_default_collection_is_told_from_an_empty_keychain() {
    let name = "states::a_bus_without_default_collection_is_told_from_an_empty_keychain";
    inside(name, &Session::Bare, || {
        for marker in [false, true] {
            let vault = Vault::keychain(PROFILE);
            assert_eq!(vault.state(marker), VaultState::NoCollection);
            assert_eq!(
                vault.ensure_key(marker).unwrap_err().code(),
                "vault.no_collection"
            );
        }
        assert_state(&Vault::keychain(PROFILE), b"", VaultState::NoCollection);
    });
}

#[test]
fn an_open_keychain_keeps_the_key_for_later_vaults() {
    inside(
        "states::an_open_keychain_keeps_the_key_for_later_vaults",
        &Session::Unlocked(PASSWORD),
        || {
            assert_eq!(Vault::keychain(PROFILE).state(false), VaultState::Ready);
            let (vault, sealed) = sealed_once();
            assert_opens(&vault, &sealed);
            let later = Vault::keychain(PROFILE);
            assert_eq!(later.state(true), VaultState::Ready);
            assert_eq!(later.ensure_key(true).unwrap(), KeyOrigin::Found);
            assert_opens(&later, &sealed);
        },
    );
}

#[test]
fn a_key_that_should_be_there_is_missing_and_not_replaced() {
    let name = "states::a_key_that_should_be_there_is_missing_and_not_replaced";
    inside(name, &Session::Unlocked(PASSWORD), || {
        let (_, sealed) = sealed_once();
        let other = Vault::keychain("another-profile");
        assert_state(&other, &sealed, VaultState::Missing);
        assert!(matches!(
            Entry::new("guitai", "another-profile").unwrap().get_password(),
            Err(keyring::Error::NoEntry)
        ));
    });
}

#[test]
fn an_entry_that_is_no_key_is_broken_and_not_overwritten() {
    let name = "states::an_entry_that_is_no_key_is_broken_and_not_overwritten";
    inside(name, &Session::Unlocked(PASSWORD), || {
        let (vault, sealed) = sealed_once();
        let entry = Entry::new("guitai", PROFILE).unwrap();
        for garbage in [&b"not a key"[..], &[0xff, 0xfe, 0x00]] {
            entry.set_secret(garbage).unwrap();
            assert_state(&vault, &sealed, VaultState::Broken);
            assert_eq!(vault.ensure_key(false).unwrap_err().code(), "vault.broken");
            assert_eq!(entry.get_secret().unwrap(), garbage);
        }
    });
}

#[test]
fn a_locked_keychain_is_locked_and_opens_again_with_its_value() {
    let name = "states::a_locked_keychain_is_locked_and_opens_again_with_its_value";
    inside(name, &Session::Unlocked(PASSWORD), || {
        let (vault, sealed) = sealed_once();
        bus::lock();
        assert_state(&vault, &sealed, VaultState::Locked);
        assert_state(&Vault::keychain(PROFILE), &sealed, VaultState::Locked);
        // A locked keychain that never held our key must not pass for an empty one either.
        let fresh = Vault::keychain("never-used");
        assert_eq!(fresh.state(false), VaultState::Locked);
        assert_eq!(fresh.ensure_key(false).unwrap_err().code(), "vault.locked");
        bus::unlock(PASSWORD);
        assert_opens(&vault, &sealed);
    });
}

#[test]
fn a_killed_daemon_comes_back_locked_and_the_same_vault_goes_on_after_unlocking() {
    let name = "states::a_killed_daemon_comes_back_locked_and_the_same_vault_goes_on_after_unlocking";
    inside(name, &Session::Unlocked(PASSWORD), || {
        let (vault, sealed) = sealed_once();
        bus::kill_daemon();
        assert_state(&vault, &sealed, VaultState::Locked);
        bus::unlock(PASSWORD);
        assert_opens(&vault, &sealed);
    });
}

#[test]
fn a_wrong_password_locks_and_the_right_one_later_finds_the_value() {
    let name = "states::a_wrong_password_locks_and_the_right_one_later_finds_the_value";
    match step().as_deref() {
        Some("seal") => {
            let (_, sealed) = sealed_once();
            std::fs::write(handover(), sealed).unwrap();
        }
        Some("wrong") => {
            let sealed = std::fs::read(handover()).unwrap();
            assert_state(&Vault::keychain(PROFILE), &sealed, VaultState::Locked);
        }
        Some(_) => {
            let sealed = std::fs::read(handover()).unwrap();
            assert_opens(&Vault::keychain(PROFILE), &sealed);
        }
        None => {
            if let Some(stage) = Stage::prepare(name) {
                stage.play(&Session::Unlocked(PASSWORD), "seal");
                stage.play(&Session::Unlocked("another"), "wrong");
                stage.play(&Session::Unlocked(PASSWORD), "right");
            }
        }
    }
}
