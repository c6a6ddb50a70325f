package openai

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	goopenai "github.com/sashabaranov/go-openai"
)

// capabilities are what a server has been found to take. They are kept between
// runs as JSON.
type capabilities struct {
	Tokens      string `json:"tokens"` // name of the token parameter
	MaxTokens   int    `json:"max_tokens"`
	Temperature bool   `json:"temperature"` // is sent
	Format      Format `json:"format"`
	Stream      bool   `json:"stream"`
	Usage       bool   `json:"usage"`  // is asked for in a stream
	System      bool   `json:"system"` // as a role of its own
}

// The changes that a failed call may ask for, by what is changed.
const (
	changedNothing     = ""
	changedStream      = "stream"
	changedUsage       = "stream_options"
	changedTemperature = "temperature"
	changedTokens      = "token parameter"
	changedMaxTokens   = "max_tokens"
	changedFormat      = "response_format"
	changedSystem      = "system role"
)

var (
	saysTokens  = regexp.MustCompile(`max_(completion_)?tokens`)
	saysSystem  = regexp.MustCompile(`(?i)system (role|message|prompt|instruction)s?\b|role.{0,3}system|roles? must alternate|only user and assistant roles|developer instruction`)
	saysStream  = regexp.MustCompile(`(?i)\bto stream\b|['"]?stream['"]? .{0,40}(not |un)(supported|allowed|verified)|verified to stream|streaming is not`)
	contextSize = regexp.MustCompile(`(?i)maximum context length is (\d+)`)
	inputSize   = regexp.MustCompile(`(?i)\((\d+) in the messages|has (\d+) input tokens|messages resulted in (\d+) tokens`)
)

// leastTokens is the fewest tokens that an answer is worth asking for.
const leastTokens = 200

// without returns c changed to what err says that the server takes, and what
// was changed. auto allows another name of the token parameter.
func (c capabilities) without(err error, auto bool) (capabilities, string) {
	var status *statusError
	var call *callError
	switch {
	case err == nil:
		return c, changedNothing
	case errors.As(err, &call):
		return c.withoutCall(call)
	case errors.Is(err, goopenai.ErrReasoningModelMaxTokensDeprecated) && auto:
		// go-openai knows the names of models that take neither.
		c.Tokens, c.Temperature = TokenParamNew, false
		return c, changedTokens
	case errors.As(err, &status) && (status.status == 400 || status.status == 422):
		return c.withoutStatus(status, auto)
	}
	return c, changedNothing
}

func (c capabilities) withoutCall(call *callError) (capabilities, string) {
	switch {
	case call.detail == noStream:
		c.Stream = false
		return c, changedStream
	case call.thought:
		// The limit counts the thinking too.
		c.MaxTokens *= 4
		return c, changedMaxTokens
	}
	return c, changedNothing
}

// withoutStatus reads the words of a refused request.
func (c capabilities) withoutStatus(status *statusError, auto bool) (capabilities, string) {
	text := status.body + " " + status.code
	kind := statusKind(status)
	if n := room(text); kind == KindTooLong && n >= leastTokens && n < c.MaxTokens {
		c.MaxTokens = n
		return c, changedMaxTokens
	}
	if kind != KindRequest {
		return c, changedNothing
	}
	switch {
	case strings.Contains(text, "stream_options") && c.Stream && c.Usage:
		c.Usage = false
		return c, changedUsage
	case c.Stream && saysStream.MatchString(text):
		c.Stream = false
		return c, changedStream
	case c.System && saysSystem.MatchString(text):
		c.System = false
		return c, changedSystem
	case strings.Contains(text, "temperature") && c.Temperature:
		c.Temperature = false
		return c, changedTemperature
	case saysTokens.MatchString(text) && auto:
		if c.Tokens == TokenParamMax {
			c.Tokens = TokenParamNew
		} else {
			c.Tokens = TokenParamMax
		}
		return c, changedTokens
	case c.Format == FormatSchema && strings.Contains(text, "json_object"):
		c.Format = FormatObject
		return c, changedFormat
	case c.Format != FormatText:
		c.Format = FormatText
		return c, changedFormat
	}
	return c, changedNothing
}

// room returns how many tokens an error says are left for an answer, or 0.
func room(text string) int {
	size, input := contextSize.FindStringSubmatch(text), inputSize.FindStringSubmatch(text)
	if size == nil || input == nil {
		return 0
	}
	all, err := strconv.Atoi(size[1])
	read, err2 := strconv.Atoi(input[1] + input[2] + input[3])
	if err != nil || err2 != nil {
		return 0
	}
	const margin = 16 // servers differ in what they count
	return all - read - margin
}
