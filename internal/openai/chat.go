package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"sync"
	"time"

	goopenai "github.com/sashabaranov/go-openai"

	"verbatim/answer/draft"
)

// Format is how a model is held to JSON.
type Format string

// The formats, the strictest first.
const (
	FormatSchema Format = "json_schema"
	FormatObject Format = "json_object"
	FormatText   Format = "text"
)

// The values of ChatOptions.TokenParam.
const (
	TokenParamAuto = "auto" // max_tokens, until the server says that it wants the other
	TokenParamMax  = "max_tokens"
	TokenParamNew  = "max_completion_tokens"
	TokenParamNone = "none"
)

// ChatOptions are Options with what only chat has.
type ChatOptions struct {
	Options
	MaxTokens  int    // of one answer: 1,200
	TokenParam string // TokenParamAuto
	// Temperature is sent as it is, 0 too; a negative one is not sent.
	Temperature float64
	Format      Format // FormatSchema; a server that does not take it gets the next one
	NoStream    bool   // ask for whole answers; Silence has no meaning then
}

// Chat is a language model on a server. It implements answer.Model.
type Chat struct {
	*client
	o ChatOptions

	mu   sync.Mutex
	wire wire
}

var _ draft.Complete = (*Chat)(nil).Complete

// wire is what the server has been found to take.
type wire struct {
	tokens      string // name of the token parameter
	temperature bool   // is sent
	format      Format
	stream      bool
	usage       bool // is asked for in a stream
}

// NewChat returns the model of o. It makes no call.
func NewChat(o ChatOptions) (*Chat, error) {
	o.Options = o.Options.withDefaults(4 << 20)
	setDefault(&o.MaxTokens, 1200)
	setDefault(&o.TokenParam, TokenParamAuto)
	setDefault(&o.Format, FormatSchema)
	switch o.TokenParam {
	case TokenParamAuto, TokenParamMax, TokenParamNew, TokenParamNone:
	default:
		return nil, fmt.Errorf("token parameter %q is none of auto, max_tokens, max_completion_tokens, none", o.TokenParam)
	}
	switch o.Format {
	case FormatSchema, FormatObject, FormatText:
	default:
		return nil, fmt.Errorf("response format %q is none of json_schema, json_object, text", o.Format)
	}
	c, err := newClient(o.Options)
	if err != nil {
		return nil, err
	}
	w := wire{tokens: o.TokenParam, temperature: o.Temperature >= 0, format: o.Format, stream: !o.NoStream, usage: true}
	if w.tokens == TokenParamAuto {
		w.tokens = TokenParamMax
	}
	return &Chat{client: c, o: o, wire: w}, nil
}

// Complete sends p and returns the model's text without its thinking, within
// the limits of the options and the circuit breaker. onText, if not nil, is
// called with each part of a streamed text as it comes, thinking included; it
// is not called by a server that is asked for whole answers.
func (c *Chat) Complete(ctx context.Context, p draft.Prompt, onText func(part string)) (string, draft.Tokens, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	begin := time.Now()
	var text string
	var tokens draft.Tokens
	err := c.call(ctx, "chat", func() error {
		var err error
		text, tokens, err = c.learn(ctx, p, onText)
		return err
	})
	if err != nil {
		return "", tokens, c.report(err)
	}
	c.o.Log.Debug("model call", "prompt", p.Version, "model", c.o.Model, "took", time.Since(begin), "in", tokens.In, "out", tokens.Out)
	return text, tokens, nil
}

// report logs e and wraps it for the reader.
func (c *Chat) report(e *Error) error {
	if e.Kind != KindCancelled {
		c.client.o.Log.Warn("model call failed", "kind", string(e.Kind), "err", e.Error(), "advice", e.Advice())
	}
	return fmt.Errorf("%w: %w", draft.ErrModel, &draft.Failure{Reader: e.Reader(), Err: e})
}

// learn sends the request and, where the server does not take a parameter,
// sends it once more without, and remembers. Each parameter changes at most
// once a call.
func (c *Chat) learn(ctx context.Context, p draft.Prompt, onText func(string)) (string, draft.Tokens, error) {
	c.mu.Lock()
	w := c.wire
	c.mu.Unlock()
	changed := map[string]bool{}
	for {
		text, tokens, err := c.send(ctx, p, w, onText)
		next, what := w.without(err, c.o.TokenParam == TokenParamAuto)
		if what == "" || changed[what] || ctx.Err() != nil {
			if err == nil && len(changed) > 0 {
				c.mu.Lock()
				c.wire = w
				c.mu.Unlock()
			}
			return text, tokens, err
		}
		changed[what] = true
		c.o.Log.Info("model server does not take a parameter, tried without", "host", c.host, "model", c.o.Model, "parameter", what)
		w = next
	}
}

var (
	saysTokens = regexp.MustCompile(`max_(completion_)?tokens`)
	saysFormat = regexp.MustCompile(`(?i)response_format|json_schema|json_object|json mode|structured output|grammar|schema`)
)

// without returns w changed to what err says that the server takes, and the
// name of what was changed; "" where err says nothing of that kind.
func (w wire) without(err error, auto bool) (wire, string) {
	var status *statusError
	var call *callError
	text := ""
	switch {
	case err == nil:
		return w, ""
	case errors.As(err, &call) && call.detail == noStream:
		w.stream = false
		return w, "stream"
	case errors.Is(err, goopenai.ErrReasoningModelMaxTokensDeprecated):
		text = "max_tokens"
	case errors.Is(err, goopenai.ErrReasoningModelLimitationsOther), errors.Is(err, goopenai.ErrReasoningSamplingUnsupported):
		text = "temperature"
	case errors.As(err, &status) && (status.status == 400 || status.status == 422) && statusKind(status) == KindRequest:
		text = status.body + " " + status.code
	default:
		return w, ""
	}
	switch {
	case strings.Contains(text, "stream_options") && w.stream && w.usage:
		w.usage = false
		return w, "stream_options"
	case strings.Contains(text, "temperature") && w.temperature:
		w.temperature = false
		return w, "temperature"
	case saysTokens.MatchString(text) && auto:
		if w.tokens == TokenParamMax {
			w.tokens = TokenParamNew
		} else {
			w.tokens = TokenParamMax
		}
		return w, "token parameter"
	case w.format != FormatText && (saysFormat.MatchString(text) || status != nil):
		if w.format == FormatSchema && strings.Contains(text, "json_object") {
			w.format = FormatObject
		} else {
			w.format = FormatText
		}
		return w, "response_format"
	}
	return w, ""
}

// request builds the body of a call.
func (c *Chat) request(p draft.Prompt, w wire) goopenai.ChatCompletionRequest {
	r := goopenai.ChatCompletionRequest{
		Model: c.o.Model,
		Messages: []goopenai.ChatCompletionMessage{
			{Role: goopenai.ChatMessageRoleSystem, Content: p.System},
			{Role: goopenai.ChatMessageRoleUser, Content: p.User},
		},
	}
	switch w.tokens {
	case TokenParamMax:
		//lint:ignore SA1019 most servers but OpenAI's own know no other
		r.MaxTokens = c.o.MaxTokens
	case TokenParamNew:
		r.MaxCompletionTokens = c.o.MaxTokens
	}
	if w.temperature {
		// 0 would be left out of the request, and the server would take 1.
		r.Temperature = max(float32(c.o.Temperature), math.SmallestNonzeroFloat32)
	}
	switch w.format {
	case FormatSchema:
		r.ResponseFormat = &goopenai.ChatCompletionResponseFormat{
			Type:       goopenai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &goopenai.ChatCompletionResponseFormatJSONSchema{Name: p.Name, Schema: p.Schema, Strict: true},
		}
	case FormatObject:
		r.ResponseFormat = &goopenai.ChatCompletionResponseFormat{Type: goopenai.ChatCompletionResponseFormatTypeJSONObject}
	}
	if w.stream && w.usage {
		r.StreamOptions = &goopenai.StreamOptions{IncludeUsage: true}
	}
	return r
}

// reply is what a server answered.
type reply struct {
	text, refusal string
	finish        goopenai.FinishReason
	tokens        draft.Tokens
}

// send makes one call and returns the model's text without its thinking.
func (c *Chat) send(ctx context.Context, p draft.Prompt, w wire, onText func(string)) (string, draft.Tokens, error) {
	var r reply
	var err error
	if w.stream {
		r, err = c.stream(ctx, c.request(p, w), onText)
	} else {
		r, err = c.whole(ctx, c.request(p, w))
	}
	r.tokens = paid(r, p, err == nil)
	if err != nil {
		return "", r.tokens, err
	}
	text := strings.TrimSpace(withoutThinking(r.text))
	switch {
	case r.refusal != "" || r.finish == goopenai.FinishReasonContentFilter:
		return "", r.tokens, &callError{kind: KindRefused, detail: "the model refused: " + r.refusal}
	case r.finish == goopenai.FinishReasonLength:
		return "", r.tokens, &callError{kind: KindCut, detail: fmt.Sprintf("the answer was cut off at %d tokens", c.o.MaxTokens)}
	case r.finish == "" || r.finish == goopenai.FinishReasonNull:
		return "", r.tokens, &callError{kind: KindCut, detail: "the answer ended without a reason to end"}
	case r.finish != goopenai.FinishReasonStop:
		return "", r.tokens, &callError{kind: KindAnswer, detail: fmt.Sprintf("the answer ended for the reason %q", r.finish)}
	case text == "":
		return "", r.tokens, &callError{kind: KindAnswer, detail: "the answer is empty"}
	}
	return text, r.tokens, nil
}

// maxCount bounds what is believed of a server that counts tokens.
const maxCount = 1 << 30

// paid returns the tokens of r: as the server counts them, else estimated
// where it has begun to answer, because half an answer is to be paid for too.
func paid(r reply, p draft.Prompt, whole bool) draft.Tokens {
	in, out := min(max(r.tokens.In, 0), maxCount), min(max(r.tokens.Out, 0), maxCount)
	if in+out == 0 && (whole || r.text != "") {
		in, out = EstimateTokens(p.System)+EstimateTokens(p.User), EstimateTokens(r.text)
	}
	return draft.Tokens{In: in, Out: out}
}

func (c *Chat) whole(ctx context.Context, req goopenai.ChatCompletionRequest) (reply, error) {
	resp, err := c.api.CreateChatCompletion(ctx, req)
	if err != nil {
		return reply{}, err
	}
	r := reply{tokens: draft.Tokens{In: resp.Usage.PromptTokens, Out: resp.Usage.CompletionTokens}}
	if len(resp.Choices) == 0 {
		return r, &callError{kind: KindAnswer, detail: "the answer has no choices"}
	}
	first := resp.Choices[0]
	r.text, r.refusal, r.finish = first.Message.Content, first.Message.Refusal, first.FinishReason
	return r, nil
}

func (c *Chat) stream(ctx context.Context, req goopenai.ChatCompletionRequest, onText func(string)) (reply, error) {
	s, err := c.api.CreateChatCompletionStream(ctx, req)
	if err != nil {
		return reply{}, err
	}
	defer s.Close()
	var r reply
	var text, refusal strings.Builder
	choices := 0
	for {
		part, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && r.finish != "" {
			break // the answer was whole; only its end mark or count is missing
		}
		if err != nil {
			r.text = text.String()
			return r, err
		}
		if part.Usage != nil {
			r.tokens = draft.Tokens{In: part.Usage.PromptTokens, Out: part.Usage.CompletionTokens}
		}
		if len(part.Choices) == 0 || part.Choices[0].Index != 0 {
			continue
		}
		choices++
		first := part.Choices[0]
		text.WriteString(first.Delta.Content)
		refusal.WriteString(first.Delta.Refusal)
		if onText != nil {
			onText(first.Delta.Content)
		}
		if first.FinishReason != "" {
			r.finish = first.FinishReason
		}
	}
	if choices == 0 {
		return r, &callError{kind: KindAnswer, detail: "the answer has no choices"}
	}
	r.text, r.refusal = text.String(), refusal.String()
	return r, nil
}

var thinking = regexp.MustCompile(`(?is)<(think|thinking|thought|reasoning)>.*?</(?:think|thinking|thought|reasoning)>`)

// withoutThinking takes out what a model wrote to itself: between tags, before
// a closing tag whose opening one the server left out, and after one that was
// never closed.
func withoutThinking(text string) string {
	text = thinking.ReplaceAllString(text, "")
	for _, tag := range []string{"think", "thinking", "thought", "reasoning"} {
		if i := strings.LastIndex(text, "</"+tag+">"); i >= 0 {
			text = text[i+len(tag)+3:]
		}
		if i := strings.Index(text, "<"+tag+">"); i >= 0 {
			text = text[:i]
		}
	}
	return text
}
