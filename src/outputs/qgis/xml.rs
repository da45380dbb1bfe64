//! Text inside XML.

use crate::sanitise::clean_text;

/// Text between tags or inside quotes.
pub(in crate::outputs) fn text(text: &str) -> String {
    let text = clean_text(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An attribute with a blank before it.
pub(super) fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", text(value))
}
