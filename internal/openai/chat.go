package openai

import (
	"context"
	"fmt"
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
	NoStream    bool   // ask for whole answers
	// ExtraBody are more fields of each request, as the server names them, such
	// as keep_alive, reasoning_effort or chat_template_kwargs. They win over
	// those that the program sets.
	ExtraBody map[string]any
	// Learned keeps what was learnt of the server between runs; nil forgets it.
	Learned Learned
}

// Chat is a language model on a server. It implements answer.Model.
type Chat struct {
	*client
	o ChatOptions

	mu    sync.Mutex
	takes capabilities
}

var _ draft.Complete = (*Chat)(nil).Complete

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
	takes := capabilities{
		Tokens: o.TokenParam, MaxTokens: o.MaxTokens, Temperature: o.Temperature >= 0, Format: o.Format, Stream: !o.NoStream, Usage: true, System: true,
	}
	if takes.Tokens == TokenParamAuto {
		takes.Tokens = TokenParamMax
	}
	chat := &Chat{client: c, o: o, takes: takes}
	chat.recall()
	return chat, nil
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

// learn sends the request and, if the server does not take something of it,
// sends it once more without, and remembers. Each thing changes at most once a
// call.
func (c *Chat) learn(ctx context.Context, p draft.Prompt, onText func(string)) (string, draft.Tokens, error) {
	c.mu.Lock()
	takes := c.takes
	c.mu.Unlock()
	changed := map[string]bool{}
	var spent draft.Tokens
	for {
		text, tokens, err := c.send(ctx, p, takes, onText)
		spent.In, spent.Out = spent.In+tokens.In, spent.Out+tokens.Out
		next, what := takes.without(err, c.o.TokenParam == TokenParamAuto)
		if what == changedNothing || changed[what] || ctx.Err() != nil {
			if err == nil && len(changed) > 0 {
				c.remember(takes)
			}
			return text, spent, err
		}
		changed[what] = true
		c.o.Log.Info("model server does not take a parameter, tried without", "host", c.host, "model", c.o.Model, "parameter", what)
		takes = next
	}
}

// request builds the body of a call.
func (c *Chat) request(p draft.Prompt, takes capabilities) goopenai.ChatCompletionRequest {
	r := goopenai.ChatCompletionRequest{Model: c.o.Model}
	if takes.System {
		r.Messages = append(r.Messages, goopenai.ChatCompletionMessage{Role: goopenai.ChatMessageRoleSystem, Content: p.System})
		r.Messages = append(r.Messages, goopenai.ChatCompletionMessage{Role: goopenai.ChatMessageRoleUser, Content: p.User})
	} else {
		r.Messages = append(r.Messages, goopenai.ChatCompletionMessage{Role: goopenai.ChatMessageRoleUser, Content: p.System + "\n\n" + p.User})
	}
	switch takes.Tokens {
	case TokenParamMax:
		//lint:ignore SA1019 most servers but OpenAI's own know no other
		r.MaxTokens = takes.MaxTokens
	case TokenParamNew:
		r.MaxCompletionTokens = takes.MaxTokens
	}
	switch takes.Format {
	case FormatSchema:
		r.ResponseFormat = &goopenai.ChatCompletionResponseFormat{
			Type:       goopenai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &goopenai.ChatCompletionResponseFormatJSONSchema{Name: p.Name, Schema: p.Schema, Strict: true},
		}
	case FormatObject:
		r.ResponseFormat = &goopenai.ChatCompletionResponseFormat{Type: goopenai.ChatCompletionResponseFormatTypeJSONObject}
	}
	if takes.Stream && takes.Usage {
		r.StreamOptions = &goopenai.StreamOptions{IncludeUsage: true}
	}
	return r
}

// fields returns what is sent beside the request of go-openai, which leaves
// out a temperature of 0. What the operator set comes last and wins.
func (c *Chat) fields(takes capabilities) map[string]any {
	out := map[string]any{}
	if takes.Temperature {
		out["temperature"] = c.o.Temperature
	}
	for k, v := range c.o.ExtraBody {
		out[k] = v
	}
	return out
}
