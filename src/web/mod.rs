//! The local explorer: a page in the browser that asks, and an [`Explorer`] that answers.
//!
//! The server listens on 127.0.0.1 alone. Every address begins with a token drawn at random when it
//! starts; the names of host and origin are checked, so that no other page in the same browser can
//! ask (`guard`). What is served is in the binary or made in memory: no address ever becomes a path
//! of the file system. One question is worked on at a time, on the thread that called
//! [`Server::run`]; a newer question about the map makes an older one stale.

mod answers;
mod backdrop;
mod explorer;
mod guard;
mod page_files;
mod server;
#[cfg(test)]
mod tests;

pub use answers::*;
pub use backdrop::{backdrop, points};
pub use explorer::{ExplorerInputs, explorer};
pub use guard::{BadTiles, Tiles};
pub use server::{ServeError, Server};

/// Knows the answers.
pub trait Explorer {
    /// Answers a question. Where `is_stale` says so nobody waits for the answer any more, and a
    /// refusal will do.
    ///
    /// # Errors
    /// With what is said to who asked.
    fn answer(
        &mut self,
        question: Question,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Answer, Refusal>;
}
