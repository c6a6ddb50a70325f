package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeAlreadyAcked       = 40060
	codeMissingAccess      = 50001
	codeCannotDM           = 50007
	codeMissingPermissions = 50013
	codeThreadExists       = 160004
	codeNoHistory          = 160002
)

var (
	errGarbled    = errors.New("answer is no JSON")
	errTooRefused = errors.New("too many refused requests: holding back so that Discord does not ban this address")
)

// apiError is what Discord answered to a request that it refused. It names
// the route and never the token that may stand in the path.
type apiError struct {
	method, route string
	status, code  int
	message       string
	wait          time.Duration // of a rate limit that outlasts the deadline
}

func (e *apiError) Error() string {
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

// refused reports whether err is Discord's answer with one of these codes.
func refused(err error, codes ...int) bool {
	var e *apiError
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

func status(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.status
	}
	return 0
}

// api speaks to Discord's REST API. It may be used from many goroutines.
type api struct {
	base   string // without a slash at the end
	token  string
	client *http.Client
	log    *slog.Logger
	now    func() time.Time
	pace   *rate.Limiter
	// slots bound how many requests that come in bursts are under way: they
	// share connections, and none waits for hundreds of handshakes.
	slots chan struct{}
	// gateway is the address that /gateway/bot named, a string.
	gateway atomic.Value

	mu      sync.Mutex // guards all below
	blocked map[string]time.Time
	global  time.Time
	invalid int
	since   time.Time
}

// config says which server a client speaks to, and as whom.
type config struct {
	token     string // without "Bot " before it
	url       string // of a server that speaks Discord's protocol; "" is Discord
	transport http.RoundTripper
	log       *slog.Logger
	now       func() time.Time
}

func newAPI(c config) (*api, error) {
	base, err := apiBase(c.url)
	if err != nil {
		return nil, err
	}
	return &api{
		base: base, token: c.token, client: &http.Client{Transport: c.transport}, log: c.log, now: c.now,
		pace: rate.NewLimiter(globalRate, globalRate), blocked: map[string]time.Time{}, since: c.now(),
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

// file is an attachment that is sent.
type file struct {
	name string
	data []byte
}

// call is one request.
type call struct {
	method string
	path   string // below the base
	route  string // the path without ids and tokens: for errors and logs
	// key is what a rate limit counts by; "" means the path.
	key  string
	body any
	file *file
	// public requests carry no bot token: those of an interaction, which
	// its own token authorises and no global limit counts.
	public bool
	// burst requests are short, and come as many at a time as there are users.
	burst bool
	// again says that a second attempt does no harm after one that may have
	// worked. Attempts that surely did not work are always repeated.
	again bool
	// once requests are worth one attempt, and none that would have to wait for
	// a rate limit.
	once    bool
	timeout time.Duration // of one attempt; 0 means attemptTimeout
}

// do sends c and reads the answer into out where that is not nil. It returns
// an *apiError where Discord refuses, errGarbled where the answer to a
// request that worked cannot be read, and else the error of ctx or of the
// network.
func (a *api) do(ctx context.Context, c call, out any) error {
	if c.key == "" {
		c.key = c.method + c.path
	}
	for attempt := 1; ; attempt++ {
		if err := a.admit(ctx, &c); err != nil {
			return err
		}
		resp, body, err := a.attempt(ctx, &c)
		if err == nil && resp.StatusCode/100 == 2 {
			a.note(&c, resp.Header)
			return read(&c, body, out)
		}
		wait, again := a.failure(&c, attempt, resp, body, err)
		if err == nil {
			err = refusal(&c, resp.StatusCode, body)
		}
		if !again || c.once || attempt == maxAttempts || ctx.Err() != nil {
			return err
		}
		if err2 := a.sleep(ctx, wait); err2 != nil {
			var e *apiError
			if errors.As(err, &e) {
				e.wait = wait
			}
			return err
		}
	}
}

func read(c *call, body []byte, out any) error {
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := decode(body, out); err != nil {
		return fmt.Errorf("%s %s: %w", c.method, c.route, errGarbled)
	}
	return nil
}

func refusal(c *call, status int, body []byte) error {
	e := &apiError{method: c.method, route: c.route, status: status}
	var m struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &m) == nil {
		e.code, e.message = m.Code, m.Message
	}
	return e
}

// admit waits until the limits that are known let c go.
func (a *api) admit(ctx context.Context, c *call) error {
	a.mu.Lock()
	now := a.now()
	if now.Sub(a.since) > invalidWindow {
		a.since, a.invalid = now, 0
	}
	over := a.invalid >= maxInvalid
	until := a.blocked[c.key]
	if !c.public && a.global.After(until) {
		until = a.global
	}
	a.mu.Unlock()
	if over {
		return fmt.Errorf("%s %s: %w", c.method, c.route, errTooRefused)
	}
	if wait := until.Sub(now); wait > 0 {
		if c.once || a.sleep(ctx, wait) != nil {
			return &apiError{method: c.method, route: c.route, status: http.StatusTooManyRequests, wait: wait}
		}
	}
	if c.public {
		return ctx.Err()
	}
	return a.pace.Wait(ctx)
}

// sleep waits for d; where ctx ends before that it does not wait at all.
func (a *api) sleep(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return context.DeadlineExceeded
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *api) attempt(ctx context.Context, c *call) (*http.Response, []byte, error) {
	if c.burst {
		select {
		case a.slots <- struct{}{}:
			defer func() { <-a.slots }()
		case <-ctx.Done():
			return nil, nil, &netError{c.method, c.route, ctx.Err()}
		}
	}
	timeout := c.timeout
	if timeout == 0 {
		timeout = attemptTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := a.request(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, nil, &netError{c.method, c.route, withoutURL(err)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	if err != nil && resp.StatusCode/100 != 2 {
		err = nil // the status alone says enough
	}
	if err != nil {
		return nil, nil, &netError{c.method, c.route, withoutURL(err)}
	}
	return resp, body, nil
}

// netError is a request that got no answer.
type netError struct {
	method, route string
	err           error
}

func (e *netError) Error() string { return e.method + " " + e.route + ": " + e.err.Error() }
func (e *netError) Unwrap() error { return e.err }

// withoutURL takes the address off an error of net/http, because the token
// of an interaction stands in it.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func (a *api) request(ctx context.Context, c *call) (*http.Request, error) {
	var body io.Reader
	kind := ""
	switch {
	case c.file != nil:
		b, k, err := form(c)
		if err != nil {
			return nil, err
		}
		body, kind = b, k
	case c.body != nil:
		b, err := json.Marshal(c.body)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", c.method, c.route, err)
		}
		body, kind = bytes.NewReader(b), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, c.method, a.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", c.method, c.route, withoutURL(err))
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if !c.public {
		req.Header.Set("Authorization", "Bot "+a.token)
	}
	req.Header.Set("User-Agent", "DiscordBot (https://verbatim.invalid, 1)")
	return req, nil
}

func form(c *call) (io.Reader, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	payload, err := json.Marshal(c.body)
	if err != nil {
		return nil, "", fmt.Errorf("%s %s: %w", c.method, c.route, err)
	}
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", `form-data; name="payload_json"`)
	head.Set("Content-Type", "application/json")
	part, err := w.CreatePart(head)
	if err == nil {
		_, err = part.Write(payload)
	}
	if err == nil {
		part, err = w.CreateFormFile("files[0]", c.file.name)
	}
	if err == nil {
		_, err = part.Write(c.file.data)
	}
	if err == nil {
		err = w.Close()
	}
	return &b, w.FormDataContentType(), err
}

// failure says whether c is worth another attempt, and after what wait.
func (a *api) failure(c *call, attempt int, resp *http.Response, body []byte, err error) (time.Duration, bool) {
	backoff := time.Duration(100+rand.IntN(100)) * time.Millisecond << (attempt - 1)
	if err != nil {
		var n *netError
		return backoff, c.again && errors.As(err, &n)
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests:
		a.refuse()
		return a.limited(c, resp.Header, body, backoff), true
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		a.refuse()
		return 0, false
	case code >= 500:
		return backoff, c.again
	}
	a.note(c, resp.Header)
	return 0, false
}

func (a *api) refuse() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.invalid++
}

// limited reads how long a rate limit lasts, from whichever of the headers
// and the body says it, and keeps it for the requests that it concerns.
func (a *api) limited(c *call, h http.Header, body []byte, fallback time.Duration) time.Duration {
	var m struct {
		RetryAfter *float64 `json:"retry_after"`
		Global     bool     `json:"global"`
	}
	said := json.Unmarshal(body, &m) == nil && m.RetryAfter != nil
	wait := fallback + time.Second
	if said {
		wait = seconds(*m.RetryAfter)
	} else if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil {
		wait = seconds(s)
	} else if s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); err == nil {
		wait = seconds(s)
	}
	wait += time.Duration(rand.IntN(50)) * time.Millisecond
	a.mu.Lock()
	defer a.mu.Unlock()
	until := a.now().Add(wait)
	if m.Global || h.Get("X-RateLimit-Global") != "" {
		if !c.public {
			a.global = until
		}
	} else {
		a.block(c.key, until)
	}
	return wait
}

func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(min(max(s, 0), day) * float64(time.Second))
}

// note keeps what the headers of an answer say of the next request.
func (a *api) note(c *call, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.block(c.key, a.now().Add(seconds(s)))
}

// block keeps a key from being used until then. Keys whose time has passed
// are dropped as the table grows, so that it stays as large as what is
// blocked now. The lock is held.
func (a *api) block(key string, until time.Time) {
	if len(a.blocked) >= 256 {
		now := a.now()
		for k, t := range a.blocked {
			if !t.After(now) {
				delete(a.blocked, k)
			}
		}
	}
	a.blocked[key] = until
}

// lacks reports whether err says that the server does not have the route.
func lacks(err error) bool {
	return status(err) == http.StatusNotFound || status(err) == http.StatusMethodNotAllowed || status(err) == http.StatusNotImplemented
}
