package openai

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/answer/draft"
	"verbatim/answer/guard"
	"verbatim/internal/openai/openaitest"
)

const testKey = "sk-test-0123456789abcdef"

// limit is how long any call of these tests may take.
const limit = 10 * time.Second

var brief = draft.Brief{
	Question: "How many buses did the town buy?",
	Sentences: []draft.Sentence{
		{Sentence: guard.Sentence{Text: "The town bought four buses on Monday, the mayor said.", Speaker: "Example", Published: "2021-01-05"}},
		{Sentence: guard.Sentence{Text: "Rain fell in the evening.", Speaker: "Example", Published: "2021-01-05"}, Start: 60},
	},
}

const goodAnswer = `{"verdict": "answered", "points": [{"text": "The mayor said the town bought four buses.", "sentences": [1]}]}`

// ask asks c for a draft.
func ask(ctx context.Context, c *Chat) (draft.Draft, error) {
	p, err := draft.DraftPrompt(brief)
	if err != nil {
		return draft.Draft{}, err
	}
	text, tokens, err := c.Complete(ctx, p, nil)
	if err != nil {
		return draft.Draft{Tokens: tokens}, err
	}
	d, err := draft.ParseDraft(text)
	d.Tokens = tokens
	return d, err
}

// logged is a log that a test can read.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// options are quick: nothing waits for longer than it takes to be seen.
func options(base string, log *logged) Options {
	return Options{
		BaseURL: base, Key: testKey, Model: "scripted",
		Timeout: 4 * time.Second, Connect: time.Second,
		Backoff: time.Millisecond, MaxWait: 50 * time.Millisecond, MaxBytes: 1 << 20,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
}

func newTestChat(t *testing.T, base string, log *logged, change func(*ChatOptions)) *Chat {
	t.Helper()
	o := ChatOptions{Options: options(base, log)}
	if change != nil {
		change(&o)
	}
	c, err := NewChat(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func start(t *testing.T, s *openaitest.Server) string {
	t.Helper()
	base, stop := s.Start()
	t.Cleanup(stop)
	return base
}

// nobody returns the address of a port that nothing listens on.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/v1"
}

// failure is one way in which a server fails a call.
type failure struct {
	name   string
	reply  openaitest.Reply
	kind   Kind
	calls  int // that are made of it
	change func(*ChatOptions)
}

const half = `{"verdict": "answered", "points": [{"text": "The mayor sa`

// statusFailures are those that a status tells of.
func statusFailures() []failure {
	return []failure{
		{"wrong key", openaitest.WrongKey(testKey), KindKey, 1, nil},
		{"forbidden", openaitest.Body(403, "text/plain", "no access for "+testKey), KindKey, 1, nil},
		{"unknown model", openaitest.NoModel("scripted"), KindModel, 1, nil},
		{"wrong path", openaitest.Body(404, "text/html", "<html>Not Found</html>"), KindModel, 1, nil},
		{"redirect", openaitest.Body(302, "text/html", ""), KindModel, 1, nil},
		{"busy without Retry-After", openaitest.RateLimit(-1), KindRate, 3, nil},
		{"busy with a long Retry-After", openaitest.RateLimit(3600), KindRate, 1, nil},
		{"no quota", openaitest.Status(429, "insufficient_quota", "You exceeded your current quota."), KindQuota, 1, nil},
		{"server error", openaitest.Status(500, "server_error", "The server had an error."), KindServer, 3, nil},
		{"server error as text", openaitest.Body(503, "text/plain", "overloaded"), KindServer, 3, nil},
		{"error as a string", openaitest.Body(500, "application/json", `{"error":"out of memory"}`), KindServer, 3, nil},
		{"error in a list", openaitest.Body(401, "application/json", `[{"error":{"code":401,"message":"API key not valid"}}]`), KindKey, 1, nil},
		{"bad gateway page", openaitest.Body(502, "text/html", "<html>Bad Gateway</html>"), KindServer, 3, nil},
		{"wrong key of Gemini", openaitest.Body(400, "application/json", `[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]`), KindKey, 1, nil},
		{"a minute's limit of Gemini", openaitest.Body(429, "application/json", `[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"35s"}]}}]`), KindRate, 1, nil},
		{"not for chat", openaitest.Status(404, "", "This is not a chat model and thus not supported in the v1/chat/completions endpoint."), KindNotChat, 1, nil},
		{"for responses only", openaitest.Status(400, "", "This model is only supported in v1/responses and not in v1/chat/completions."), KindNotChat, 1, nil},
		{"no such deployment", openaitest.Status(404, "DeploymentNotFound", "The API deployment for this resource does not exist."), KindModel, 1, nil},
		{"busy inside a 200", openaitest.Body(200, "application/json", `{"error":{"code":429,"message":"Rate limited upstream"}}`), KindRate, 3, nil},
		{"failed inside a 200", openaitest.Body(200, "application/json", `{"error":{"message":"Provider returned error","code":502}}`), KindServer, 3, func(o *ChatOptions) { o.NoStream = true }},
		{"vLLM without room", openaitest.Status(400, "", "This model's maximum context length is 2048 tokens. However, you requested 3200 tokens (2000 in the messages, 1200 in the completion)."), KindTooLong, 1, nil},
		{"unknown 400", openaitest.Status(400, "invalid_request_error", "messages: wrong"), KindRequest, 2, nil},
	}
}

// answerFailures are those of a server that seems to answer.
func answerFailures() []failure {
	slow := func(o *ChatOptions) { o.Timeout = 300 * time.Millisecond }
	whole := func(o *ChatOptions) { o.NoStream = true; o.Timeout = time.Second }
	patient := func(o *ChatOptions) { o.Timeout = limit }
	patientWhole := func(o *ChatOptions) { o.NoStream = true; o.Timeout = limit }
	mid := func(raw string) openaitest.Reply { return openaitest.Midway(half, raw) }
	return []failure{
		{"hanging", openaitest.Hang(), KindTimeout, 1, slow},
		{"hanging without a stream", openaitest.Hang(), KindTimeout, 1, whole},
		{"silent in the middle", openaitest.HangAfter(half), KindTimeout, 1, slow},
		{"slow drip", openaitest.Drip(20 * time.Millisecond), KindTimeout, 1, slow},
		{"cut stream", openaitest.Cut(half), KindCut, 1, nil},
		{"cut whole-looking stream", openaitest.Cut(goodAnswer), KindCut, 1, nil},
		{"broken connection", openaitest.Reset(half), KindCut, 1, nil},
		{"done without a reason", openaitest.Finish(goodAnswer, ""), KindCut, 1, nil},
		{"whole without a reason", openaitest.Finish(goodAnswer, ""), KindCut, 1, whole},
		{"cut at the token limit", openaitest.Finish(half, "length"), KindCut, 1, nil},
		{"web page", openaitest.HTML(), KindAnswer, 1, nil},
		{"web page without its type", openaitest.Body(200, "application/octet-stream", "<html></html>"), KindAnswer, 1, whole},
		{"web page as a stream", openaitest.Body(200, "text/event-stream", "<html>\n<body></body>\n</html>\n"), KindAnswer, 1, nil},
		{"empty choices", openaitest.EmptyChoices(), KindAnswer, 1, nil},
		{"empty choices whole", openaitest.EmptyChoices(), KindAnswer, 1, whole},
		{"empty text", openaitest.Text(""), KindAnswer, 1, whole},
		{"empty body", openaitest.Body(200, "application/json", ""), KindCut, 1, whole},
		{"half JSON", openaitest.Body(200, "application/json", `{"choices":[{"mess`), KindCut, 1, whole},
		{"thought only", openaitest.Text("<think>four buses, then"), KindAnswer, 1, nil},
		{"refusal", openaitest.Refusal("I cannot help with that."), KindRefused, 1, nil},
		{"refusal whole", openaitest.Refusal("I cannot help with that."), KindRefused, 1, whole},
		{"content filter", openaitest.Finish(half, "content_filter"), KindRefused, 1, nil},
		{"filter of Azure", openaitest.Status(400, "content_filter", "The response was filtered due to the content management policy."), KindRefused, 1, nil},
		{"context too long", openaitest.TooLong(), KindTooLong, 1, nil},
		{"too long midway", mid("data: {\"error\": {\"message\": \"the request exceeds the available context size\"}}\n\n"), KindTooLong, 1, nil},
		{"ten megabytes", openaitest.Huge(10 << 20), KindTooBig, 1, patient},
		{"ten megabytes whole", openaitest.Huge(10 << 20), KindTooBig, 1, patientWhole},
		{"ten megabytes on a line", openaitest.Body(200, "text/event-stream", "data: "+strings.Repeat("x", 10<<20)), KindTooBig, 1, patient},
		{"failed midway by its reason", openaitest.Finish(half, "error"), KindServer, 1, nil},
		{"busy midway", mid("data: {\"error\":{\"code\":429,\"message\":\"slow down\"}}\n\n"), KindRate, 1, nil},
		{"error midway", mid("data: {\"error\":{\"message\":\"overloaded\"}}\n\n"), KindServer, 1, nil},
		{"error midway with a space", mid("data: { \"error\" : {\"message\":\"overloaded\"}}\n\n"), KindServer, 1, nil},
		{"error midway with an id", mid("data: {\"id\":\"1\",\"error\":{\"message\":\"overloaded\"}}\n\n"), KindServer, 1, nil},
		{"error midway as object", mid("data: {\"object\":\"error\",\"message\":\"overloaded\"}\n\n"), KindServer, 1, nil},
		{"error midway as event", mid("event: error\ndata: {\"reason\":\"overloaded\"}\n\n"), KindServer, 1, nil},
		{"error midway as a string", mid("data: {\"error\":\"overloaded\"}\n\n"), KindServer, 1, nil},
		{"error midway without data", mid("{\"error\":{\"message\":\"overloaded\"}}\n"), KindServer, 1, nil},
		{"page midway", mid("<html>504 Gateway Time-out</html>\n"), KindAnswer, 1, nil},
		{"garbage midway", mid("data: {\"choices\": [\n\n"), KindAnswer, 1, nil},
	}
}

func TestFailures(t *testing.T) {
	for _, f := range slices.Concat(statusFailures(), answerFailures()) {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var log logged
			s := openaitest.New(f.reply)
			c := newTestChat(t, start(t, s), &log, f.change)
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			_, err := ask(ctx, c)
			checkFailure(t, err, f.kind, &log)
			if ctx.Err() != nil {
				t.Errorf("it took over %s", limit)
			}
			if n := len(s.Requests()); n != f.calls {
				t.Errorf("%d calls were made, want %d", n, f.calls)
			}
		})
	}
}

func TestNoServer(t *testing.T) {
	var log logged
	c := newTestChat(t, nobody(t), &log, nil)
	_, err := ask(t.Context(), c)
	checkFailure(t, err, KindUnreachable, &log)
}

// checkFailure checks what every failure owes: its kind, the reader's line,
// the operator's log, and no key in any of them.
func checkFailure(t *testing.T, err error, kind Kind, log *logged) {
	t.Helper()
	var e *Error
	var f *draft.Failure
	if !errors.Is(err, draft.ErrModel) || !errors.As(err, &e) || !errors.As(err, &f) {
		t.Fatalf("got error %v, want a failure of the model", err)
	}
	if e.Kind != kind {
		t.Errorf("got kind %q (%v), want %q", e.Kind, e, kind)
	}
	if errors.Is(err, draft.ErrContextLength) != (kind == KindTooLong) {
		t.Errorf("errors.Is(%v, ErrContextLength) is wrong", err)
	}
	line := draft.ReaderLine(err)
	if !strings.HasSuffix(line, "so this answer was put together without it.") || strings.Count(line, ".") != 1 {
		t.Errorf("the reader's line is %q", line)
	}
	if !strings.Contains(log.String(), "kind="+string(kind)) || !strings.Contains(log.String(), "advice=") || e.Advice() == "Try again." {
		t.Errorf("the log does not tell the operator: %s", log)
	}
	for what, text := range map[string]string{"error": err.Error(), "log": log.String(), "line": line} {
		if strings.Contains(text, testKey) || strings.Contains(text, testKey[8:]) {
			t.Errorf("the %s holds the key: %s", what, text)
		}
	}
}

func TestRetryAfterIsHeeded(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.Status(429, "rate_limit_exceeded", "slow down", "Retry-After-Ms", "40"), openaitest.Text(goodAnswer))
	c := newTestChat(t, start(t, s), &log, nil)
	begin := time.Now()
	d, err := ask(t.Context(), c)
	if err != nil || len(d.Points) != 1 {
		t.Fatalf("got %v, %v", d, err)
	}
	if took := time.Since(begin); took < 40*time.Millisecond {
		t.Errorf("tried again after %s, before the 40 ms that the server asked for", took)
	}
}

func TestLongRetryAfterKeepsCallsBack(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.RateLimit(3600))
	c := newTestChat(t, start(t, s), &log, nil)
	for range 3 {
		_, err := ask(t.Context(), c)
		var e *Error
		if !errors.As(err, &e) || e.Kind != KindRate || e.RetryAfter < 59*time.Minute {
			t.Fatalf("got %v", err)
		}
	}
	if n := len(s.Requests()); n != 1 {
		t.Errorf("%d calls were made to a server that asked for an hour", n)
	}
}

func TestBreaker(t *testing.T) {
	var log logged
	s := openaitest.New(openaitest.WrongKey(testKey))
	c := newTestChat(t, start(t, s), &log, func(o *ChatOptions) { o.Failures = 2; o.Cooldown = time.Hour })
	var last error
	for range 5 {
		_, last = ask(t.Context(), c)
	}
	checkFailure(t, last, KindOpen, &log)
	if n := len(s.Requests()); n != 2 {
		t.Errorf("%d calls were made, want 2 before the breaker opens", n)
	}

	// After the cooldown one call goes out again.
	s = openaitest.New(openaitest.WrongKey(testKey), openaitest.WrongKey(testKey), openaitest.Text(goodAnswer))
	c = newTestChat(t, start(t, s), &log, func(o *ChatOptions) { o.Failures = 2; o.Cooldown = time.Nanosecond })
	for range 3 {
		_, last = ask(t.Context(), c)
	}
	if last != nil {
		t.Errorf("after the cooldown: %v", last)
	}
}

// A question that does not fit, or that is refused, is no fault of the server.
func TestBreakerIgnoresTheQuestion(t *testing.T) {
	for _, reply := range []openaitest.Reply{openaitest.TooLong(), openaitest.Refusal("no"), openaitest.Text("prose")} {
		var log logged
		s := openaitest.New(reply)
		c := newTestChat(t, start(t, s), &log, func(o *ChatOptions) { o.Failures = 1 })
		for range 3 {
			ask(t.Context(), c)
		}
		if n := len(s.Requests()); n != 3 {
			t.Errorf("%d calls were made, want 3", n)
		}
	}
}

func TestCancelled(t *testing.T) {
	var log logged
	c := newTestChat(t, start(t, openaitest.New(openaitest.Hang())), &log, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := ask(ctx, c)
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindCancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if strings.Contains(log.String(), "failed") {
		t.Errorf("a cancelled question is logged as a failure: %s", &log)
	}
}
