//! The server: guards, files of the page, and questions handed to the one thread that answers them.

use std::collections::HashMap;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::guard::{self, Tiles};
use super::page_files::{PageFile, piece};
use super::{Answer, Explorer, Question, Refusal};

/// More than any question of the page.
const LONGEST_BODY: usize = 64 << 10;

/// Until a question has come whole.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Questions that may wait for their answer.
const WAITING: usize = 64;

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The port.
    #[error(
        "cannot listen on 127.0.0.1:{port}: {source}; give another --port, or none to take a free one"
    )]
    Listen {
        /// Which was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gives no random numbers.
    #[error("cannot draw a random token: {0}")]
    Token(getrandom::Error),
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(#[from] std::io::Error),
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    desk: ServerState,
}

/// What the guards and routes know.
struct ServerState {
    port: u16,
    token: String,
    policy: String,
    /// Files made of the study, by their names.
    made: HashMap<&'static str, (&'static str, Bytes)>,
    /// The number of the newest question about the map.
    newest: Arc<AtomicU64>,
}

/// A question on its way.
struct QueuedQuestion {
    question: Question,
    /// Its number among the questions that make each other stale; 0: it is none of them.
    number: u64,
    reply: oneshot::Sender<Result<Answer, Refusal>>,
}

impl Server {
    /// Takes a port of 127.0.0.1, a free one for 0, and draws a token.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn bind(port: u16, tiles: Option<&Tiles>) -> Result<Server, ServeError> {
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener =
            TcpListener::bind(at).map_err(|source| ServeError::Listen { port, source })?;
        let port = listener.local_addr()?.port();
        let token = guard::token().map_err(ServeError::Token)?;
        let (policy, made) = (guard::policy(tiles), HashMap::new());
        Ok(Server {
            listener,
            desk: ServerState { port, token, policy, made, newest: Arc::default() },
        })
    }

    /// Where the page is: the address holds the token.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.desk.port, self.desk.token)
    }

    /// Serves a file made of the study.
    pub fn add(&mut self, name: &'static str, kind: &'static str, bytes: Vec<u8>) {
        self.desk.made.insert(name, (kind, bytes.into()));
    }

    /// Serves until the process ends. Questions are answered on this thread, one after the other.
    ///
    /// # Errors
    /// If the server stops.
    pub fn run(self, explorer: &mut dyn Explorer) -> Result<(), ServeError> {
        let (send, receive) = mpsc::sync_channel::<QueuedQuestion>(WAITING);
        let newest = self.desk.newest.clone();
        self.listener.set_nonblocking(true)?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (listener, desk) = (self.listener, Arc::new(self.desk));
        let server = std::thread::spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let app = Router::new().fallback(answer).with_state((desk, send));
                axum::serve(listener, app).await
            })
        });
        for QueuedQuestion { question, number, reply } in receive {
            let is_stale = || number > 0 && newest.load(Ordering::Relaxed) > number;
            let answer =
                if is_stale() { Err(Refusal::Stale) } else { explorer.answer(question, &is_stale) };
            // Who asked may have gone.
            let _ = reply.send(answer);
        }
        match server.join() {
            Ok(stopped) => Ok(stopped?),
            Err(_) => Err(std::io::Error::other("the server's thread ended").into()),
        }
    }
}

type Shared = (Arc<ServerState>, mpsc::SyncSender<QueuedQuestion>);

async fn answer(State((desk, send)): State<Shared>, request: Request) -> Response<Body> {
    let mut response = match respond(&desk, &send, request).await {
        Ok(response) => response,
        Err((status, says)) => text(status, &says),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", desk.policy.as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

type Refused = (StatusCode, String);

async fn respond(
    desk: &ServerState,
    send: &mpsc::SyncSender<QueuedQuestion>,
    request: Request,
) -> Result<Response<Body>, Refused> {
    let refused = |status: StatusCode, says: &str| Err((status, says.to_owned()));
    let (head, body) = request.into_parts();
    let posts = head.method == Method::POST;
    if !posts && head.method != Method::GET {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are answered");
    }
    if !guard::is_ours(&head.headers, desk.port, posts) {
        return refused(StatusCode::FORBIDDEN, "this is not the page's own request");
    }
    let path = head.uri.path().trim_start_matches('/');
    let (token, name) = path.split_once('/').unwrap_or((path, "?"));
    if !guard::same(token, &desk.token) {
        return refused(StatusCode::FORBIDDEN, "open the address that lastmile serve has printed");
    }
    if head.uri.query().is_some() {
        return refused(StatusCode::NOT_FOUND, "there is no such page");
    }
    if posts {
        let json =
            head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
        if !json {
            return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "questions are application/json");
        }
        let body = match tokio::time::timeout(LONGEST_WAIT, to_bytes(body, LONGEST_BODY)).await {
            Err(_) => return refused(StatusCode::REQUEST_TIMEOUT, "the question did not come"),
            Ok(Err(_)) => {
                return refused(StatusCode::PAYLOAD_TOO_LARGE, "the question is too long");
            }
            Ok(Ok(body)) => body,
        };
        return ask(desk, send, question(name, &body)?).await;
    }
    if let Some(piece) = piece(name) {
        return Ok(of_the_page(piece, &head.headers));
    }
    if let Some((kind, bytes)) = desk.made.get(name) {
        return Ok(bytes_of(kind, Body::from(bytes.clone())));
    }
    match name {
        "api/study" => ask(desk, send, Question::Study).await,
        "api/pack" => ask(desk, send, Question::Pack).await,
        _ => match name.strip_prefix("api/report-").and_then(|number| number.parse().ok()) {
            Some(number) => ask(desk, send, Question::Report(number)).await,
            None => refused(StatusCode::NOT_FOUND, "there is no such page"),
        },
    }
}

fn question(name: &str, body: &[u8]) -> Result<Question, Refused> {
    fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
        serde_json::from_slice(body).map_err(|error| {
            (StatusCode::BAD_REQUEST, format!("the question is not understood: {error}"))
        })
    }
    Ok(match name {
        "api/change" => Question::Change(read(body)?),
        "api/here" => Question::Here(read(body)?),
        "api/reach" => Question::Reach(read(body)?),
        "api/areas" => Question::Areas(read(body)?),
        "api/measures" => Question::Measures(read(body)?),
        "api/journey" => Question::Journey(read(body)?),
        "api/save" => Question::Save(read(body)?),
        "api/evidence" => Question::Evidence(read(body)?),
        "api/change.csv" => Question::Table(read(body)?),
        _ => return Err((StatusCode::NOT_FOUND, "there is no such question".to_owned())),
    })
}

async fn ask(
    desk: &ServerState,
    send: &mpsc::SyncSender<QueuedQuestion>,
    question: Question,
) -> Result<Response<Body>, Refused> {
    let number = match question {
        Question::Change(_) => desk.newest.fetch_add(1, Ordering::Relaxed) + 1,
        _ => 0,
    };
    let (reply, answer) = oneshot::channel();
    let busy = || (StatusCode::SERVICE_UNAVAILABLE, "too many questions are waiting".to_owned());
    send.try_send(QueuedQuestion { question, number, reply }).map_err(|_| busy())?;
    let gone = || (StatusCode::INTERNAL_SERVER_ERROR, "the question was lost".to_owned());
    match answer.await.map_err(|_| gone())? {
        Ok(Answer::File { name, kind, bytes }) => {
            let mut response = bytes_of(kind, Body::from(bytes));
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
            Ok(response)
        }
        Ok(answer) => {
            let json = serde_json::to_vec(&answer).map_err(|_| gone())?;
            Ok(bytes_of("application/json", Body::from(json)))
        }
        Err(Refusal::Unfit(says)) => Err((StatusCode::UNPROCESSABLE_ENTITY, says)),
        Err(Refusal::Stale) => Err((StatusCode::CONFLICT, "a newer question came".to_owned())),
        Err(Refusal::Failed(says)) => Err((StatusCode::INTERNAL_SERVER_ERROR, says)),
    }
}

fn of_the_page(piece: &PageFile, headers: &HeaderMap) -> Response<Body> {
    if !piece.packed {
        return bytes_of(piece.kind, Body::from(piece.bytes));
    }
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|all| all.split(',').any(|one| one.trim().eq_ignore_ascii_case("gzip")))
    {
        let mut response = bytes_of(piece.kind, Body::from(piece.bytes));
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return response;
    }
    let mut plain = Vec::new();
    match flate2::read::GzDecoder::new(piece.bytes).read_to_end(&mut plain) {
        Ok(_) => bytes_of(piece.kind, Body::from(plain)),
        Err(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "a file of the page is damaged"),
    }
}

fn bytes_of(kind: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn text(status: StatusCode, says: &str) -> Response<Body> {
    let mut response = bytes_of("text/plain; charset=utf-8", Body::from(says.to_owned()));
    *response.status_mut() = status;
    response
}
