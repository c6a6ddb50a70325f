package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	goopenai "github.com/sashabaranov/go-openai"

	"verbatim/answer/draft"
)

// reply is what a server answered.
type reply struct {
	text, refusal string
	finish        goopenai.FinishReason
	tokens        draft.Tokens
}

// send makes one call and returns the model's text without its thinking.
func (c *Chat) send(ctx context.Context, p draft.Prompt, takes capabilities, onText func(string)) (string, draft.Tokens, error) {
	ctx = withFields(ctx, c.fields(takes))
	var r reply
	var err error
	if takes.Stream {
		r, err = c.stream(ctx, c.request(p, takes), onText)
	} else {
		r, err = c.whole(ctx, c.request(p, takes))
	}
	r.tokens = paid(r, p, err == nil)
	if err != nil {
		return "", r.tokens, err
	}
	text := strings.TrimSpace(withoutThinking(r.text))
	switch finish := finishOf(r.finish); {
	case r.refusal != "" || finish == goopenai.FinishReasonContentFilter:
		return "", r.tokens, &callError{kind: KindRefused, detail: "the model refused: " + r.refusal}
	case finish == goopenai.FinishReasonLength:
		return "", r.tokens, &callError{kind: KindCut, detail: fmt.Sprintf("the answer was cut off at %d tokens", takes.MaxTokens), thought: text == ""}
	case finish == "":
		return "", r.tokens, &callError{kind: KindCut, detail: "the answer ended without a reason to end"}
	case finish == "error":
		return "", r.tokens, &callError{kind: KindServer, detail: "the server failed in the middle of the answer"}
	case finish != goopenai.FinishReasonStop:
		return "", r.tokens, &callError{kind: KindAnswer, detail: fmt.Sprintf("the answer ended for the reason %q", r.finish)}
	case text == "":
		return "", r.tokens, &callError{kind: KindAnswer, detail: "the answer is empty"}
	}
	c.warnIfCut(p, r.tokens.In)
	return text, r.tokens, nil
}

// finishOf folds the reasons to end of several servers into those of OpenAI's;
// "" is none.
func finishOf(reason goopenai.FinishReason) goopenai.FinishReason {
	switch strings.ToLower(string(reason)) {
	case "", "null":
		return ""
	case "stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "end":
		return goopenai.FinishReasonStop
	case "length", "max_tokens", "model_length":
		return goopenai.FinishReasonLength
	case "content_filter", "safety", "recitation", "prohibited_content":
		return goopenai.FinishReasonContentFilter
	}
	return reason
}

// leastRead is what share of the estimated tokens of a prompt a server must
// have read, or it has cut the prompt.
const leastRead = .65

// cut reports whether a server that counts read tokens of p has cut it: Ollama
// leaves out the front of what does not fit its context, and says nothing.
func cut(p draft.Prompt, read int) bool {
	return read > 0 && float64(read) < leastRead*float64(EstimateTokens(p.System)+EstimateTokens(p.User))
}

func (c *Chat) warnIfCut(p draft.Prompt, read int) {
	if cut(p, read) {
		c.o.Log.Warn("model server seems to cut the prompt to its context", "host", c.host, "model", c.o.Model, "read", read,
			"estimated", EstimateTokens(p.System)+EstimateTokens(p.User), "advice", adviceCut)
	}
}

const adviceCut = "Load the model with a context of 8,192 tokens (Ollama: OLLAMA_CONTEXT_LENGTH=8192 for the server)."

// maxCount bounds what is believed of a server that counts tokens.
const maxCount = 1 << 30

// paid returns the tokens of r: as the server counts them, else estimated
// if it has begun to answer, because half an answer is to be paid for too.
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
