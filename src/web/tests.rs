use std::io::{Read, Write};
use std::net::TcpStream;

use sha2::{Digest, Sha256};

use super::page_files::PIECES;
use super::{Answer, Explorer, KeptScenario, Question, Refusal, Server, Tiles};

/// Says back what it was asked.
struct Echo;

impl Explorer for Echo {
    fn answer(&mut self, question: Question, _: &dyn Fn() -> bool) -> Result<Answer, Refusal> {
        match question {
            Question::Report(0) => {
                let (name, kind) = ("evening.html".to_owned(), "text/html; charset=utf-8");
                Ok(Answer::File { name, kind, bytes: b"<p>".to_vec() })
            }
            Question::Report(_) => Err(Refusal::Unfit("there is no such pack".into())),
            other => {
                Ok(Answer::Kept(KeptScenario { says: format!("{other:?}"), scenarios: vec![] }))
            }
        }
    }
}

/// A server that runs until the tests end: its port, and its path with the token.
fn started(tiles: Option<&Tiles>) -> (u16, String) {
    let mut server = Server::bind(0, tiles).expect("a free port");
    server.add("map/backdrop", "application/geo+json", b"{}".to_vec());
    let address = server.address();
    let rest = address.strip_prefix("http://127.0.0.1:").expect("this machine alone");
    let (port, path) = rest.split_once('/').expect("a path");
    let found = (port.parse().expect("a port"), format!("/{path}"));
    std::thread::spawn(move || server.run(&mut Echo));
    found
}

/// Sends these bytes and gives back the status and all that came.
fn sent(port: u16, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout");
    // A server that refuses early may have closed its end already.
    let _ = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, text)
}

fn get(port: u16, path: &str, headers: &str) -> (u16, String) {
    sent(
        port,
        &format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"
        ),
    )
}

fn post(port: u16, path: &str, headers: &str, body: &str) -> (u16, String) {
    let length = body.len();
    sent(
        port,
        &format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        ),
    )
}

const JSON: &str = "Content-Type: application/json\r\n";

fn own(port: u16) -> String {
    format!("Origin: http://127.0.0.1:{port}\r\n{JSON}")
}

#[test]
fn the_page_and_its_files_are_served_with_a_strict_policy() {
    let (port, path) = started(None);
    for piece in &PIECES {
        let name = if piece.name == "index.html" { "" } else { piece.name };
        let (status, text) = get(port, &format!("{path}{name}"), "");
        assert_eq!(status, 200, "{name}");
        assert!(text.contains(piece.kind), "{name}");
        for header in [
            "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self';",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
        ] {
            assert!(text.contains(header), "{name}: {header}");
        }
        assert!(!text.contains("unsafe-"), "{name}");
    }
    let packed = get(port, &format!("{path}maplibre-gl.css"), "Accept-Encoding: br, gzip\r\n");
    assert!(packed.1.contains("content-encoding: gzip"));
    assert_eq!(get(port, &format!("{path}map/backdrop"), "").0, 200);
}

#[test]
fn who_has_another_name_for_this_machine_is_refused() {
    let (port, path) = started(None);
    let of_host = |host: &str| {
        sent(port, &format!("GET {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).0
    };
    assert_eq!(of_host(&format!("Host: 127.0.0.1:{port}\r\n")), 200);
    assert_eq!(of_host(&format!("Host: localhost:{port}\r\n")), 200);
    for host in [
        String::new(),
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
    ] {
        assert!([400, 403].contains(&of_host(&host)), "{host}");
    }
}

#[test]
fn another_page_of_the_same_browser_is_refused() {
    let (port, path) = started(None);
    let ask = format!("{path}api/change");
    assert_eq!(post(port, &ask, &own(port), "{}").0, 200);
    for headers in [
        JSON.to_owned(),
        format!("Origin: null\r\n{JSON}"),
        format!("Origin: https://evil.example\r\n{JSON}"),
        format!("Origin: http://127.0.0.1\r\n{JSON}"),
        format!("Origin: http://localhost:{port}\r\n{JSON}"),
        format!("Origin: https://127.0.0.1:{port}\r\n{JSON}"),
        format!("{}Origin: https://evil.example\r\n", own(port)),
        format!("{}Sec-Fetch-Site: cross-site\r\n", own(port)),
        format!("{}Sec-Fetch-Site: same-site\r\n", own(port)),
    ] {
        assert_eq!(post(port, &ask, &headers, "{}").0, 403, "{headers}");
    }
    assert_eq!(get(port, &path, "Origin: https://evil.example\r\n").0, 403);
    assert_eq!(get(port, &path, "Sec-Fetch-Site: cross-site\r\n").0, 403);
    // What a form of another page can send without being asked first.
    let form = format!("Origin: http://127.0.0.1:{port}\r\nContent-Type: text/plain\r\n");
    assert_eq!(post(port, &ask, &form, "{}").0, 415);
}

#[test]
fn without_the_token_nothing_is_said() {
    let (port, path) = started(None);
    assert_eq!(path.len(), "//".len() + 32, "128 bits in hexadecimal: {path}");
    let (_, other) = started(None);
    assert_ne!(path, other);
    let cut = path.trim_end_matches('/');
    let wrong = format!("{}0/", &cut[..cut.len() - 1]);
    let wrong = if wrong == path { format!("{}1/", &cut[..cut.len() - 1]) } else { wrong };
    for path in
        ["/", "", "//", "/favicon.ico", "/api/study", other.as_str(), &wrong, &cut[..cut.len() - 1]]
    {
        let (status, text) = get(port, if path.is_empty() { "*" } else { path }, "");
        assert!([400, 403].contains(&status), "{path}: {status}");
        assert!(!text.contains(cut), "the token is not told: {path}");
    }
    assert_eq!(get(port, &format!("{path}?x=1"), "").0, 404);
    assert_eq!(get(port, &format!("{wrong}api/study"), "").0, 403);
}

#[test]
fn no_address_is_a_path_of_the_file_system() {
    let (port, path) = started(None);
    for name in [
        "../Cargo.toml",
        "%2e%2e/Cargo.toml",
        "..%2fCargo.toml",
        "api/../../Cargo.toml",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "vendor/maplibre-gl.css.gz",
        "main.js/",
        "main.js%00",
        "MAIN.JS",
        "page/main.js",
        "index.html",
        "api/report-../../x",
        "api/report--1",
        "api/report-99999999999999999999999",
        "api/nothing",
    ] {
        assert_eq!(get(port, &format!("{path}{name}"), "").0, 404, "{name}");
    }
    assert_eq!(get(port, &format!("{path}api/report-1"), "").0, 422);
    let (status, text) = get(port, &format!("{path}api/report-0"), "");
    assert_eq!(status, 200);
    assert!(text.contains("content-disposition: attachment; filename=\"evening.html\""));
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        );
        assert_eq!(sent(port, &request).0, 405, "{method}");
    }
}

#[test]
fn what_is_too_long_or_not_understood_is_refused() {
    let (port, path) = started(None);
    let ask = |name: &str, body: &str| post(port, &format!("{path}api/{name}"), &own(port), body);
    assert_eq!(ask("change", &format!("{{\"window\":\"{}\"}}", "x".repeat(70_000))).0, 413);
    for body in [
        "",
        "nonsense",
        "[]",
        "{\"windows\":1}",
        "{\"window\":1}",
        "{\"otherwise\":{\"cuts\":[{\"lines\":[-1]}]}}",
    ] {
        assert_eq!(ask("change", body).0, 400, "{body}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(ask("change", &deep).0, 400);
    assert_eq!(ask("nothing", "{}").0, 404);
    let endless = format!(
        "POST {path}api/change HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{}\r\n20000\r\n{}\r\n",
        own(port),
        "x".repeat(0x20000)
    );
    assert_eq!(sent(port, &endless).0, 413, "however it is announced");
    let half = format!(
        "POST {path}api/change HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 2\r\n{}\r\n{{",
        own(port)
    );
    assert_eq!(sent(port, &half).0, 408, "nobody is waited for");
    assert_eq!(get(port, &path, "").0, 200, "it is still there");
}

#[test]
fn hostile_names_come_back_as_data() {
    let (port, path) = started(None);
    let name = "</script><img src=x onerror=alert(1)>\\u0000\\u202e";
    let body = format!("{{\"name\":\"{name}\",\"label\":\"\",\"otherwise\":{{}}}}");
    let (status, text) = post(port, &format!("{path}api/save"), &own(port), &body);
    assert_eq!(status, 200);
    assert!(text.contains("content-type: application/json"), "{text}");
    assert!(text.contains("x-content-type-options: nosniff"));
    assert!(text.contains("</script><img src=x onerror=alert(1)>"), "said back: {text}");
}

#[test]
fn tiles_open_the_policy_for_their_host_alone() {
    let tiles: Tiles =
        "https://tiles.example.org/a/{z}/{x}/{y}.png?key=1".parse().expect("an address");
    let (port, path) = started(Some(&tiles));
    let (_, text) = get(port, &path, "");
    assert!(text.contains(
        "connect-src 'self' https://tiles.example.org; img-src 'self' data: blob: https://tiles.example.org;"
    ));
    for bad in [
        "tiles.example.org/{z}/{x}/{y}",
        "https://tiles.example.org/{z}/{x}",
        "javascript://x/{z}/{x}/{y}",
        "https://a;script-src *//{z}/{x}/{y}",
        "https://a b/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://x/{z}/{x}/{y}\r\nset-cookie: a",
    ] {
        assert!(bad.parse::<Tiles>().is_err(), "{bad}");
    }
}

#[test]
fn vendored_files_are_those_that_the_readme_names() {
    let readme = include_str!("vendor/README.md");
    let mut seen = 0;
    for piece in PIECES.iter().filter(|piece| piece.packed) {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(piece.bytes).read_to_end(&mut plain).expect("gzip");
        let digest: String =
            Sha256::digest(&plain).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(readme.contains(&format!("| `{}` | `{digest}` |", piece.name)), "{}", piece.name);
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn the_page_sets_no_markup_from_data_and_asks_nobody_else() {
    for piece in PIECES.iter().filter(|piece| !piece.packed) {
        let text = String::from_utf8_lossy(piece.bytes);
        for never in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "setHTML",
            "https://",
            " style=\"",
            "onclick=",
        ] {
            assert!(!text.contains(never), "{} has {never}", piece.name);
        }
    }
}
