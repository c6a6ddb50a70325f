package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// discordURL is where Discord's REST API lies. Version 9 is what discordgo
// v0.29.0 speaks on the gateway.
const discordURL = "https://discord.com/api/v9"

const (
	attemptTimeout = 10 * time.Second
	maxAttempts    = 5
	// globalRate is below Discord's 50 requests a second, which interaction
	// endpoints are exempt from.
	globalRate = 45
	// maxInvalid is below the 10,000 refused requests (401, 403, 429) in ten
	// minutes after which Discord bans the address.
	maxInvalid    = 8000
	invalidWindow = 10 * time.Minute
	maxResponse   = 8 << 20 // bytes
	// maxConnections are kept open to one host.
	maxConnections = 64
)

// Discord's error codes that we act on.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	CodeUnknownWebhook     = 10015
	CodeUnknownInteraction = 10062
	CodeAlreadyAcked       = 40060
	CodeMissingAccess      = 50001
	CodeCannotDM           = 50007
	CodeMissingPermissions = 50013
	CodeThreadExists       = 160004
	CodeNoHistory          = 160002
)

var (
	ErrGarbled    = errors.New("the answer is not valid JSON")
	ErrTooRefused = errors.New("too many refused requests: holding back so that Discord does not ban this address")
)

// Error is what Discord answered to a request that it refused. It names
// the route and never the token that may stand in the path.
type Error struct {
	method, route string
	status, code  int
	message       string
	wait          time.Duration // of a rate limit that outlasts the deadline
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s %s: HTTP %d", e.method, e.route, e.status)
	if e.message != "" {
		s += ": " + e.message
	}
	if e.code != 0 {
		s += fmt.Sprintf(" (code %d)", e.code)
	}
	if e.wait > 0 {
		s += ", retry after " + e.wait.String()
	}
	return s
}

// HasCode reports whether err is Discord's answer with one of these codes.
func HasCode(err error, codes ...int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.code == c {
			return true
		}
	}
	return false
}

// Status returns the HTTP status of a refusal by Discord, or 0.
func Status(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.status
	}
	return 0
}

// Client speaks to Discord's REST API. It may be used from many goroutines.
type Client struct {
	Base   string // without a slash at the end
	Token  string
	Client *http.Client
	log    *slog.Logger
	now    func() time.Time
	pace   *rate.Limiter
	// slots bound how many requests that come in bursts are under way: they
	// share connections, and none waits for hundreds of handshakes.
	slots chan struct{}

	mu      sync.Mutex // guards all below
	blocked map[string]time.Time
	global  time.Time
	invalid int
	since   time.Time
}

// Config says which server a client speaks to, and as whom.
type Config struct {
	Token     string            // without "Bot " before it
	URL       string            // of a server that speaks Discord's protocol; "" is Discord
	Transport http.RoundTripper // nil keeps enough connections for many answers at a time
	Log       *slog.Logger
	Now       func() time.Time
}

// NewClient returns a client. An error names an address that cannot be one.
func NewClient(c Config) (*Client, error) {
	base, err := apiBase(c.URL)
	if err != nil {
		return nil, err
	}
	if t, ok := http.DefaultTransport.(*http.Transport); ok && c.Transport == nil {
		t = t.Clone()
		t.MaxIdleConnsPerHost = maxConnections
		t.ResponseHeaderTimeout = attemptTimeout
		c.Transport = t
	}
	return &Client{
		Base: base, Token: c.Token, Client: &http.Client{Transport: c.Transport}, log: c.Log, now: c.Now,
		pace: rate.NewLimiter(globalRate, globalRate), blocked: map[string]time.Time{}, since: c.Now(),
		slots: make(chan struct{}, maxConnections),
	}, nil
}

var versioned = regexp.MustCompile(`/v\d+$`)

// apiBase returns the address of the REST API of a configured server:
// "https://host", "https://host/api" and "https://host/api/v9" are the same.
func apiBase(configured string) (string, error) {
	if configured == "" {
		return discordURL, nil
	}
	u, err := url.Parse(strings.TrimRight(configured, "/"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("discord.api_url %q: want an address such as https://discord.example.org", configured)
	}
	switch {
	case versioned.MatchString(u.Path):
	case strings.HasSuffix(u.Path, "/api"):
		u.Path += "/v9"
	default:
		u.Path += "/api/v9"
	}
	return u.String(), nil
}

// File is an attachment that is sent.
type File struct {
	Name string
	Data []byte
}

// Call is one request.
type Call struct {
	Method string
	Path   string // below the base
	Route  string // the path without ids and tokens: for errors and logs
	// key is what a rate limit counts by; "" means the path.
	key  string
	Body any
	File *File
	// Public requests carry no bot token: those of an interaction, which
	// its own token authorises and no global limit counts.
	Public bool
	// Burst requests are short, and come as many at a time as there are users.
	Burst bool
	// Again says that a second attempt does no harm after one that may have
	// worked. Attempts that surely did not work are always repeated.
	Again bool
	// Once requests are worth one attempt, and none that would have to wait for
	// a rate limit.
	Once    bool
	Timeout time.Duration // of one attempt; 0 means attemptTimeout
}

// Do sends c and reads the answer into out if that is not nil. It returns
// an *Error if Discord refuses, ErrGarbled if the answer to a
// request that worked cannot be read, and else the error of ctx or of the
// network.
func (a *Client) Do(ctx context.Context, c Call, out any) error {
	if c.key == "" {
		c.key = c.Method + c.Path
	}
	for attempt := 1; ; attempt++ {
		if err := a.admit(ctx, &c); err != nil {
			return err
		}
		resp, body, err := a.attempt(ctx, &c)
		if err == nil && resp.StatusCode/100 == 2 {
			a.note(&c, resp.Header)
			return readBody(&c, body, out)
		}
		wait, again := a.failure(&c, attempt, resp, body, err)
		if err == nil {
			err = refusal(&c, resp.StatusCode, body)
		}
		if !again || c.Once || attempt == maxAttempts || ctx.Err() != nil {
			return err
		}
		if err2 := a.sleep(ctx, wait); err2 != nil {
			var e *Error
			if errors.As(err, &e) {
				e.wait = wait
			}
			return err
		}
	}
}

func readBody(c *Call, body []byte, out any) error {
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := Decode(body, out); err != nil {
		return fmt.Errorf("%s %s: %w", c.Method, c.Route, ErrGarbled)
	}
	return nil
}

func refusal(c *Call, status int, body []byte) error {
	e := &Error{method: c.Method, route: c.Route, status: status}
	var m struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &m) == nil {
		e.code, e.message = m.Code, m.Message
	}
	return e
}

func (a *Client) attempt(ctx context.Context, c *Call) (*http.Response, []byte, error) {
	if c.Burst {
		select {
		case a.slots <- struct{}{}:
			defer func() { <-a.slots }()
		case <-ctx.Done():
			return nil, nil, &NetError{c.Method, c.Route, ctx.Err()}
		}
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = attemptTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := a.request(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	resp, err := a.Client.Do(req)
	if err != nil {
		return nil, nil, &NetError{c.Method, c.Route, WithoutURL(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil && resp.StatusCode/100 != 2 {
		err = nil // the status alone says enough
	}
	if err != nil {
		return nil, nil, &NetError{c.Method, c.Route, WithoutURL(err)}
	}
	return resp, body, nil
}

// NetError is a request that got no answer.
type NetError struct {
	method, route string
	err           error
}

func (e *NetError) Error() string { return e.method + " " + e.route + ": " + e.err.Error() }
func (e *NetError) Unwrap() error { return e.err }

// WithoutURL takes the address off an error of net/http, because the token
// of an interaction stands in it.
func WithoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (a *Client) request(ctx context.Context, c *Call) (*http.Request, error) {
	var body io.Reader
	kind := ""
	switch {
	case c.File != nil:
		b, k, err := form(c)
		if err != nil {
			return nil, err
		}
		body, kind = b, k
	case c.Body != nil:
		b, err := json.Marshal(c.Body)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.Method, c.Route, err)
		}
		body, kind = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, c.Method, a.Base+c.Path, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", c.Method, c.Route, WithoutURL(err))
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !c.Public {
		req.Header.Set("Authorization", "Bot "+a.Token)
	}
	req.Header.Set("User-Agent", "DiscordBot (https://verbatim.invalid, 1)")
	return req, nil
}

func form(c *Call) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	payload, err := json.Marshal(c.Body)
	if err != nil {
		return nil, "", fmt.Errorf("%s %s: %w", c.Method, c.Route, err)
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", `form-data; name="payload_json"`)
	head.Set("Content-Type", "application/json")
	part, err := w.CreatePart(head)
	if err == nil {
		_, err = part.Write(payload)
	}
	if err == nil {
		part, err = w.CreateFormFile("files[0]", c.File.Name)
	}
	if err == nil {
		_, err = part.Write(c.File.Data)
	}
	if err == nil {
		err = w.Close()
	}
	return &b, w.FormDataContentType(), err
}

// failure says whether c is worth another attempt, and after what wait.
func (a *Client) failure(c *Call, attempt int, resp *http.Response, body []byte, err error) (time.Duration, bool) {
	pause := backoff(100*time.Millisecond, attempt-1)
	if err != nil {
		var n *NetError
		return pause, c.Again && errors.As(err, &n)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		a.refuse()
		return a.limited(c, resp.Header, body, pause), true
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		a.refuse()
		return 0, false
	case code >= 500:
		return pause, c.Again
	}
	a.note(c, resp.Header)
	return 0, false
}

// Lacks reports whether err says that the server does not have the route.
func Lacks(err error) bool {
	return Status(err) == http.StatusNotFound || Status(err) == http.StatusMethodNotAllowed || Status(err) == http.StatusNotImplemented
}
