package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// maxErrorBytes is how much is read of an answer that is an error.
const maxErrorBytes = 64 << 10

// transport is what go-openai lacks: headers, limits on time and bytes,
// retries that heed Retry-After, and errors that say what happened. Answers
// that are no success come back as errors, with all that the server said.
type transport struct {
	o       Options
	next    http.RoundTripper
	secrets []string
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("read request: %w", err)
		}
		if body, err = patched(req.Context(), body); err != nil {
			return nil, err
		}
	}
	for try := 0; ; try++ {
		resp, err := t.once(req, body)
		if err == nil {
			return resp, nil
		}
		wait, again := t.again(req.Context(), err, try)
		if !again {
			return nil, counted(err, try+1)
		}
		t.o.Log.Info("model call tried again", "host", req.URL.Host, "path", req.URL.Path, "try", try+1, "wait", wait,
			"err", redact(reasonOf(err), t.secrets))
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-req.Context().Done():
			timer.Stop()
			return nil, counted(err, try+1)
		}
	}
}

// counted notes in err how often it was tried.
func counted(err error, tries int) error {
	var status *statusError
	var call *callError
	switch {
	case errors.As(err, &status):
		status.tries = tries
	case errors.As(err, &call):
		call.tries = tries
	}
	return err
}

// loading is what llama.cpp says while it loads the model.
var loading = regexp.MustCompile(`(?i)loading model|model is loading|currently loading`)

// again says whether another try may help, and after how long. It does not
// wait beyond the deadline of ctx.
func (t *transport) again(ctx context.Context, err error, try int) (time.Duration, bool) {
	var status *statusError
	var call *callError
	starting := errors.As(err, &status) && loading.MatchString(status.body)
	if try >= t.o.Retries && !starting || ctx.Err() != nil {
		return 0, false
	}
	// Full jitter (Brooker 2015), but never less than half, so that a server
	// that is starting has time.
	wait := min(t.o.Backoff<<min(try, 8), t.o.MaxWait)
	wait = wait/2 + time.Duration(rand.Int64N(int64(wait/2)+1))
	switch {
	case starting: // until the deadline
	case errors.As(err, &status):
		switch kind := statusKind(status); {
		case kind != KindRate && kind != KindServer && kind != KindTimeout, status.status == 501, status.status == 505:
			return 0, false
		}
		if status.retryAfter > t.o.MaxWait {
			return 0, false
		}
		wait = max(wait, status.retryAfter)
	case errors.As(err, &call):
		return 0, false
	case errors.Is(err, syscall.ECONNREFUSED) && try >= 1:
		return 0, false // once is enough for a server that is not there
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return 0, false
	}
	return wait, true
}

// once makes one try.
func (t *transport) once(req *http.Request, body []byte) (*http.Response, error) {
	stream := req.Header.Get("Accept") == "text/event-stream"
	ctx, cancel := context.WithCancel(req.Context())
	clone := req.Clone(ctx)
	if body != nil {
		clone.Body = io.NopCloser(bytes.NewReader(body))
		clone.ContentLength = int64(len(body))
	}
	for k, v := range t.o.Headers {
		clone.Header.Set(k, v)
	}
	g := &guardedBody{cancel: cancel, left: t.o.MaxBytes, limit: t.o.MaxBytes}
	resp, err := t.next.RoundTrip(clone)
	if err != nil {
		cancel()
		return nil, err
	}
	g.body = resp.Body
	resp.Body = g
	if resp.StatusCode >= 300 {
		return nil, readStatus(resp)
	}
	if err := checkType(resp, g, stream); err != nil {
		g.Close()
		return nil, err
	}
	return resp, nil
}

// readStatus reads an answer that is no success, and closes it.
func readStatus(resp *http.Response) error {
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBytes))
	text, code, ok := errorText(body)
	switch {
	case !ok && resp.StatusCode < 400:
		text = "the server redirects to another address"
	case !ok && looksLikePage(body):
		text = "the server sent a web page: " + http.StatusText(resp.StatusCode)
	case !ok:
		text = string(body)
	}
	if strings.TrimSpace(text) == "" {
		text = http.StatusText(resp.StatusCode)
	}
	after := retryAfter(resp.Header)
	if after == 0 {
		after = saidRetry(string(body))
	}
	return &statusError{status: resp.StatusCode, body: text, code: code, retryAfter: after}
}

// retryAfter reads how long the server asks to be left alone, in seconds, as a
// date, or in the milliseconds of OpenAI and Azure.
func retryAfter(h http.Header) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 {
		return time.Duration(ms * float64(time.Millisecond))
	}
	v := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(v, 64); err == nil && s > 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

var retrySaid = regexp.MustCompile(`(?i)"retryDelay":\s*"(\d+(?:\.\d+)?s)"|(?:retry|try again) in (\d+(?:\.\d+)?(?:ms|s)|\d+m\d+(?:\.\d+)?s)`)

// saidRetry reads how long to wait from the body: the RetryInfo of Google, or
// the words of OpenAI.
func saidRetry(body string) time.Duration {
	m := retrySaid.FindStringSubmatch(body)
	if m == nil {
		return 0
	}
	d, err := time.ParseDuration(m[1] + m[2])
	if err != nil {
		return 0
	}
	return d
}

// checkType looks at the head of a successful answer: a web page is no
// answer, and a stream is cleaned on its way.
func checkType(resp *http.Response, g *guardedBody, stream bool) error {
	kind := resp.Header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/html"):
		return &callError{kind: KindAnswer, detail: "the server sent a web page and no answer"}
	case strings.HasPrefix(kind, "application/json"):
		body, err := io.ReadAll(g)
		if err != nil {
			return err
		}
		if text, code, ok := errorText(body); ok && len(body) < maxErrorBytes {
			return &statusError{status: statusOf(code), body: text, code: code, retryAfter: saidRetry(string(body))}
		}
		if stream {
			return &callError{kind: KindAnswer, detail: noStream}
		}
		resp.Body = struct {
			io.Reader
			io.Closer
		}{bytes.NewReader(flattened(body)), g}
	case stream:
		resp.Body = newEvents(g)
	default:
		resp.Body = &sniffed{ReadCloser: g}
	}
	return nil
}

// statusOf returns the HTTP status that the code of an error within a
// successful answer stands for: 500 if it is none.
func statusOf(code string) int {
	if n, err := strconv.Atoi(strings.TrimSpace(code)); err == nil && n >= 400 && n < 600 {
		return n
	}
	return http.StatusInternalServerError
}

// noStream is the detail of an answer at once to a call for a stream.
const noStream = "the server does not stream"

func looksLikePage(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \r\n\t\ufeff"), []byte("<"))
}

// sniffed refuses a body that begins like a web page.
type sniffed struct {
	io.ReadCloser
	seen bool
}

func (s *sniffed) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if !s.seen && n > 0 {
		s.seen = true
		if looksLikePage(p[:n]) {
			return 0, &callError{kind: KindAnswer, detail: "the server sent a web page and no answer"}
		}
	}
	return n, err
}

// guardedBody bounds a body in bytes.
type guardedBody struct {
	cancel context.CancelFunc
	body   io.ReadCloser
	left   int64
	limit  int64
	once   sync.Once
}

func (g *guardedBody) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, &callError{kind: KindTooBig, detail: fmt.Sprintf("the answer has more than %d bytes", g.limit)}
	}
	if int64(len(p)) > g.left {
		p = p[:g.left]
	}
	n, err := g.body.Read(p)
	g.left -= int64(n)
	return n, err
}

// Close implements io.Closer.
func (g *guardedBody) Close() error {
	var err error
	g.once.Do(func() {
		err = g.body.Close()
		g.cancel()
	})
	return err
}
