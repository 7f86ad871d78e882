//! What every connector is asked in the same way when something goes wrong on the way.

use crate::kit::{Kit, strike};
use connect::error::{Effect, RemoteError};
use connect::platform::{ListingWrite, Platform};
use connect::session::Session;
use sim::{FaultKind, Service};

/// A connector, and what it is asked with: the write reaches the platform with its first call.
pub(crate) struct Asked<'a> {
    pub(crate) kit: &'a Kit,
    pub(crate) service: Service,
    pub(crate) platform: &'a dyn Platform,
    pub(crate) session: &'a Session,
    pub(crate) write: ListingWrite,
}

impl Asked<'_> {
    async fn written(&self, fault: FaultKind) -> RemoteError {
        strike(self.kit, self.service, fault);
        let writes = std::slice::from_ref(&self.write);
        self.platform.write(self.session, writes).await.unwrap_err()
    }

    async fn read(&self, fault: FaultKind) -> RemoteError {
        strike(self.kit, self.service, fault);
        self.platform.stores(self.session).await.unwrap_err()
    }

    /// An HTML page, a cut answer and a lost one leave the outcome of a write open.
    pub(crate) async fn outcome_stays_open(&self) {
        let error = self.written(FaultKind::HtmlPage).await;
        assert!(
            matches!(&error, RemoteError::Malformed { raw } if raw.contains('<')),
            "{error:?}"
        );
        assert_eq!(error.effect(), Effect::Unknown);
        for fault in [
            FaultKind::TruncatedBody,
            FaultKind::LostAnswer,
            FaultKind::LostRequest,
        ] {
            let error = self.written(fault).await;
            assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
            assert!(error.is_transient());
        }
    }

    /// A busy server leaves a write open and a read harmless.
    pub(crate) async fn busy(&self, faults: &[FaultKind]) {
        for fault in faults {
            for (error, expected) in [
                (self.read(fault.clone()).await, Effect::None),
                (self.written(fault.clone()).await, Effect::Unknown),
            ] {
                assert!(
                    matches!(&error, RemoteError::Busy { effect, .. } if *effect == expected),
                    "{error:?}"
                );
            }
        }
    }

    /// A text of the platform's own is kept with its code.
    pub(crate) async fn keeps_the_text(&self) {
        let fault = FaultKind::Refuse {
            code: 1022,
            message: "门店审核驳回".to_owned(),
        };
        let expected = RemoteError::Rejected {
            code: "1022".to_owned(),
            text: "门店审核驳回".to_owned(),
        };
        assert_eq!(self.read(fault).await, expected);
    }

    /// Whatever goes wrong, `beside` what can everywhere, none of these stands in what is told of it.
    pub(crate) async fn keeps_secrets(&self, secrets: &[String], beside: &[FaultKind]) {
        let everywhere = [
            FaultKind::HtmlPage,
            FaultKind::TruncatedBody,
            FaultKind::LostAnswer,
        ];
        for fault in everywhere.iter().chain(beside) {
            let error = self.written(fault.clone()).await;
            let shown = format!("{error:?} {error} {:?}", self.session);
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
    }
}
