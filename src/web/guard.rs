//! Who may ask: only the page that was opened with the token, in this machine's own browser.

use axum::http::{HeaderMap, header};

/// Draws a token of 128 bits, in hexadecimal.
pub(super) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two texts are equal, in a time that tells nothing of where they differ.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Whether the request was meant for this server and comes from its own page. A name that somebody
/// else's server gave this address (DNS rebinding) has another host; another page in the browser
/// has another origin.
pub(super) fn is_ours(headers: &HeaderMap, port: u16, changes: bool) -> bool {
    let one = |name| {
        let mut all = headers.get_all(name).iter();
        (all.next().map(|value| value.to_str().unwrap_or("?")), all.next().is_none())
    };
    let own = |value: &str| {
        [format!("127.0.0.1:{port}"), format!("localhost:{port}")].contains(&value.to_owned())
    };
    let (Some(host), true) = one(header::HOST) else { return false };
    let origin = match one(header::ORIGIN) {
        (None, _) => !changes,
        (Some(origin), alone) => alone && origin.strip_prefix("http://") == Some(host),
    };
    let site =
        headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    own(host) && origin && site
}

/// A template of a tile server's addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    pub(super) url: String,
    pub(super) origin: String,
}

/// A template that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no address of tiles; give one such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
)]
pub struct BadTiles(String);

impl std::str::FromStr for Tiles {
    type Err = BadTiles;

    fn from_str(url: &str) -> Result<Tiles, BadTiles> {
        let bad = || BadTiles(url.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(bad)?;
        let (host, path) = rest.split_once('/').ok_or_else(bad)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:".contains(c);
        // The host goes into the content security policy: nothing in it may end a directive or add
        // one.
        let fits = ["http", "https"].contains(&scheme)
            && !host.is_empty()
            && host.chars().all(plain)
            && ["{z}", "{x}", "{y}"].iter().all(|part| path.contains(part))
            && path.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Tiles { url: url.to_owned(), origin: format!("{scheme}://{host}") })
            .ok_or_else(bad)
    }
}

impl Tiles {
    /// As the page is told.
    pub fn source(&self) -> super::TileSource {
        let host = self.origin.split("://").nth(1).unwrap_or_default().to_owned();
        super::TileSource { url: self.url.clone(), host }
    }
}

/// What the page may load and run: its own files and nothing else, but for the tiles that were
/// asked for.
pub(super) fn policy(tiles: Option<&Tiles>) -> String {
    let tiles = tiles.map_or_else(String::new, |tiles| format!(" {}", tiles.origin));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'{tiles}; \
         img-src 'self' data: blob:{tiles}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
