package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/sony/gobreaker/v2"

	"verbatim/answer/draft"
)

// Kind is what went wrong with a call.
type Kind string

// The kinds of failure.
const (
	KindUnreachable Kind = "unreachable" // no server there
	KindKey         Kind = "key"         // wrong key, or none
	KindModel       Kind = "model"       // no such model, or no such path
	KindNotChat     Kind = "not-chat"    // the model is not for chat completions
	KindRate        Kind = "rate"        // too many requests
	KindQuota       Kind = "quota"       // nothing left to spend
	KindServer      Kind = "server"      // the server failed
	KindTimeout     Kind = "timeout"     // no answer in time
	KindCut         Kind = "cut"         // half an answer
	KindAnswer      Kind = "answer"      // an answer that is none
	KindRefused     Kind = "refused"     // the model would not answer
	KindTooLong     Kind = "too-long"    // the question does not fit the model
	KindTooBig      Kind = "too-big"     // the answer has too many bytes
	KindRequest     Kind = "request"     // the server does not take the request
	KindOpen        Kind = "open"        // not tried: it has kept failing
	KindCancelled   Kind = "cancelled"   // the caller gave up
)

// Error is a failed call. Its text is the operator's and holds no key.
type Error struct {
	Kind       Kind
	Op         string // "chat" or "embed"
	Model      string
	Host       string
	Status     int           // of HTTP, 0 if there was none
	RetryAfter time.Duration // that the server asked for, 0 if it did not
	Tries      int
	Detail     string
	Err        error // nil, or draft.ErrContextLength, retrieval.ErrVector, retrieval.ErrDimension, or a context's error
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s with %s at %s: %s", e.Op, e.Model, e.Host, e.Detail)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ", to be tried again after %s", e.RetryAfter.Round(time.Second))
	}
	if e.Tries > 1 {
		fmt.Fprintf(&b, ", after %d tries", e.Tries)
	}
	return b.String()
}

// Unwrap returns the sentinel that e stands for, if any.
func (e *Error) Unwrap() error { return e.Err }

// Reader returns one plain sentence for the one who asked.
func (e *Error) Reader() string {
	const without = ", so this answer was put together without it."
	switch e.Kind {
	case KindUnreachable:
		return "The language model's server cannot be reached" + without
	case KindKey, KindModel, KindNotChat, KindRequest:
		return "The language model is not set up correctly" + without
	case KindRate:
		return "The language model is busy" + without
	case KindQuota:
		return "The language model's quota is used up" + without
	case KindTimeout:
		return "The language model took too long" + without
	case KindRefused:
		return "The language model declined to answer" + without
	case KindTooLong:
		return "The question does not fit the language model" + without
	case KindOpen:
		return "The language model has been failing" + without
	case KindCancelled:
		return "The question was cancelled."
	}
	return "The language model gave no usable answer" + without
}

// Advice returns what the operator can do.
func (e *Error) Advice() string {
	switch e.Kind {
	case KindUnreachable:
		return "Start the server, or correct base_url (" + e.Host + " does not answer)."
	case KindKey:
		return "Set the key in the environment; the server does not take the one it was sent, or wants one."
	case KindModel:
		return "Correct the model's name (for Azure, that of the deployment), or load the model on the server; base_url most often ends in /v1."
	case KindNotChat:
		return "Choose another model: this one is not served at /chat/completions."
	case KindRate:
		return "Wait, lower the number of questions, or raise the limit with the provider."
	case KindQuota:
		return "Add credit or raise the limit with the provider; until then answers are extractive."
	case KindServer:
		return "Look into the server's own log: the failure is on its side."
	case KindTimeout:
		return "Use a smaller model, or raise timeout; the server took the call and did not answer in time."
	case KindCut:
		return "Raise max_tokens; if that does not help, look for a proxy that cuts long answers."
	case KindAnswer:
		return "Check that base_url is the API and not a web page, and set response_format to json_object or text if the model cannot keep to a schema."
	case KindRefused:
		return "Nothing is wrong with the set-up; the model or its filter would not answer this."
	case KindTooLong:
		return "Load the model with a longer context (8,192 tokens are plenty)."
	case KindTooBig:
		return "Lower max_tokens; the server sends more than an answer can be."
	case KindRequest:
		return "Set token_parameter, temperature or response_format to what the server takes; its words are above."
	case KindOpen:
		return "Fix what the log says of the failures before. The server is tried again automatically."
	}
	return "Try again."
}

// statusError is an answer with a status that is no success.
type statusError struct {
	status     int
	body       string // what the server says, or the start of the body
	code       string // the server's own code for it
	retryAfter time.Duration
	tries      int
}

func (e *statusError) Error() string { return fmt.Sprintf("HTTP %d: %s", e.status, e.body) }

// callError is a failure that the transport has told the kind of.
type callError struct {
	kind    Kind
	detail  string
	tries   int
	err     error // what it stands for, or nil
	thought bool  // the limit of tokens was used up by thinking alone
}

func (e *callError) Error() string { return e.detail }

// failure turns what a call returned into an *Error.
func (c *client) failure(ctx context.Context, op string, err error) *Error {
	var done *Error
	if errors.As(err, &done) {
		return done
	}
	e := &Error{Op: op, Model: c.o.Model, Host: c.host}
	var status *statusError
	var call *callError
	var netErr net.Error
	var syntax *json.SyntaxError
	var types *json.UnmarshalTypeError
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		e.Kind, e.Detail = KindOpen, "not tried, it has kept failing"
	case errors.As(err, &status):
		e.Status, e.RetryAfter, e.Tries = status.status, status.retryAfter, status.tries
		e.Kind, e.Detail = statusKind(status), status.body
	case errors.As(err, &call):
		e.Kind, e.Detail, e.Tries, e.Err = call.kind, call.detail, call.tries, call.err
	case errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled):
		e.Kind, e.Detail, e.Err = KindCancelled, "cancelled", context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		e.Kind, e.Detail, e.Err = KindTimeout, "no answer in time", context.DeadlineExceeded
	case errors.As(err, &syntax), errors.As(err, &types), errors.Is(err, draft.ErrDraft):
		e.Kind, e.Detail = KindAnswer, "the answer is not the JSON that was asked for"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		e.Kind, e.Detail = KindCut, "the connection ended in the middle of the answer"
	default:
		e.Kind, e.Detail = KindUnreachable, reasonOf(err)
	}
	if e.Kind == KindTooLong {
		e.Err = draft.ErrContextLength
	}
	e.Detail = redact(e.Detail, c.secrets())
	return e
}

// reasonOf returns err without the URL that net/http puts before it.
func reasonOf(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

var (
	tooLong = regexp.MustCompile(`(?i)context[ _](length|size|window)|maximum context|too many (input )?tokens|(prompt|input) (is )?too long|exceeds? the (available )?context|longer than the (maximum|model)|num_ctx`)
	quota   = regexp.MustCompile(`(?i)insufficient_quota|exceeded your current quota|billing|insufficient (credits|balance)|out of credits`)
	filter  = regexp.MustCompile(`(?i)content_filter|content management policy|ResponsibleAIPolicy`)
	notChat = regexp.MustCompile(`(?i)not a chat model|not supported in the v1/chat/completions|only supported in v1/responses|use (the )?v1/(responses|completions)|does not support chat`)
	badKey  = regexp.MustCompile(`(?i)api key not valid|invalid api key|invalid_api_key|API_KEY_INVALID`)
	noModel = regexp.MustCompile(`(?i)model_not_found|model .{0,80}(not found|does not exist|not available)|no such model|not a valid model|DeploymentNotFound`)
)

// statusKind reads the status and, if servers differ in it, the text.
func statusKind(s *statusError) Kind {
	text := s.code + " " + s.body
	switch {
	case tooLong.MatchString(text) && s.status != 429:
		return KindTooLong
	case filter.MatchString(text):
		return KindRefused
	case s.status == 429 && s.retryAfter > 0 && s.retryAfter < time.Hour:
		return KindRate // whatever it is called, it is over soon
	case s.status == 402, s.status == 429 && quota.MatchString(text):
		return KindQuota
	case s.status == 401, s.status == 403, badKey.MatchString(text):
		return KindKey
	case notChat.MatchString(text):
		return KindNotChat
	case s.status == 429:
		return KindRate
	case s.status == 404, s.status == 405, noModel.MatchString(text), s.status >= 300 && s.status < 400:
		return KindModel
	case s.status == 408, s.status == 504:
		return KindTimeout
	case s.status >= 500:
		return KindServer
	}
	return KindRequest
}

func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// serverFault reports whether err counts against the server in its circuit
// breaker: a question that does not fit, or that the model would not answer,
// does not.
func serverFault(err error) bool {
	switch kindOf(err) {
	case KindRefused, KindTooLong, KindCancelled, KindAnswer, KindOpen:
		return false
	}
	return true
}

// errorText finds what a body says of an error, in any of the shapes that
// servers use, or returns "" if it is not an error.
func errorText(body []byte) (text, code string, isError bool) {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil && len(list) > 0 {
		return errorText(list[0])
	}
	var shape struct {
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Detail  json.RawMessage `json:"detail"`
		Object  string          `json:"object"`
		Type    string          `json:"type"`
		Code    any             `json:"code"`
		Choices json.RawMessage `json:"choices"`
	}
	if json.Unmarshal(body, &shape) != nil {
		return "", "", false
	}
	if shape.Error != nil && string(shape.Error) != "null" {
		if inner, innerCode, ok := errorText(shape.Error); ok {
			return inner, innerCode, true
		}
		return plainText(shape.Error), anyText(shape.Code), true
	}
	for _, raw := range []json.RawMessage{shape.Message, shape.Detail} {
		if raw != nil && shape.Choices == nil {
			return plainText(raw), anyText(shape.Code) + " " + shape.Type, true
		}
	}
	if shape.Object == "error" || shape.Type == "error" {
		return plainText(body), anyText(shape.Code), true
	}
	return "", "", false
}

func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func anyText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

var keyLike = regexp.MustCompile(`\b(?:sk|pk|rk|gsk|or|key)-[A-Za-z0-9_*.-]{6,}|(?i)bearer\s+[A-Za-z0-9._~+/-]{8,}`)

// maxDetail is how much of a server's words an error holds.
const maxDetail = 300

// redact makes a server's words fit for a log: on one line, short, without
// the secrets and without anything that looks like a key.
func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, "[key]")
		}
	}
	text = keyLike.ReplaceAllString(text, "[key]")
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if len(text) > maxDetail {
		text = strings.ToValidUTF8(text[:maxDetail], "") + "…"
	}
	return text
}
