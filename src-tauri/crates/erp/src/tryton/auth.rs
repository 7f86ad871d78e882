//! What a login asks for, and the logins that are kept while the program runs.

use connect::platform::CredentialField;
use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use std::collections::HashMap;

pub(super) const SERVER: &str = "server";
pub(super) const DATABASE: &str = "database";
pub(super) const USER: &str = "user";
pub(super) const PASSWORD: &str = "password";

pub(super) fn fields() -> Vec<CredentialField> {
    let field = |key, label, secret| CredentialField {
        key,
        label,
        secret,
        optional: false,
        shape: "any",
        ..CredentialField::default()
    };
    vec![
        field(
            SERVER,
            "服务器地址（https://…，本机可用 http://127.0.0.1:8000）",
            false,
        ),
        field(DATABASE, "数据库名", false),
        field(USER, "用户名", false),
        field(PASSWORD, "密码", true),
    ]
}

/// A session of the server.
#[derive(Clone)]
pub(super) struct Login {
    /// Base64 of user, user id and token.
    pub(super) authorization: SecretString,
}

impl Login {
    pub(super) fn header(&self) -> String {
        format!("Session {}", self.authorization.expose_secret())
    }
}

/// Logins by account. They are not kept beyond the program's run: the password is there to log in again.
#[derive(Default)]
pub(super) struct Logins(Mutex<HashMap<String, Login>>);

impl Logins {
    pub(super) fn of(&self, account: &str) -> Option<Login> {
        self.0.lock().get(account).cloned()
    }

    pub(super) fn keep(&self, account: &str, login: Login) {
        self.0.lock().insert(account.to_owned(), login);
    }

    pub(super) fn forget(&self, account: &str) {
        self.0.lock().remove(account);
    }
}
