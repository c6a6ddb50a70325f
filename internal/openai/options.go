// Package openai gives the desk a model and the engine an embedder from any
// server that speaks OpenAI's protocol: OpenAI itself, Ollama, vLLM, llama.cpp's
// server, LM Studio, OpenRouter, LiteLLM, Azure.
//
// Every call has a deadline, a limit on what it reads and a bounded number of
// retries; a circuit breaker stops calls to a server that keeps failing. Keys
// never appear in an error or a log.
package openai

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	goopenai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"
)

// DefaultBaseURL is OpenAI's own server.
const DefaultBaseURL = "https://api.openai.com/v1"

// Options say how a server is reached. Model is required; the zero value of
// the rest means the default named beside it.
type Options struct {
	BaseURL string // DefaultBaseURL
	Key     string // sent as a bearer token, or as api-key to Azure; "" sends none
	Model   string
	Headers map[string]string // sent with every request
	// Azure makes BaseURL that of an Azure resource and Model that of a
	// deployment. APIVersion is then required by the server.
	Azure      bool
	APIVersion string // 2024-10-21 for Azure, else none

	Timeout time.Duration // of one call with all its retries: 60 s
	Connect time.Duration // of making a connection: 5 s
	Retries int           // after the first try: 2; negative is none
	Backoff time.Duration // before the first retry, doubled for each next, with jitter: 500 ms
	MaxWait time.Duration // longest wait between tries, also if the server asks for more: 10 s
	// MaxBytes bounds what is read of one answer: 4 MiB for chat, 64 MiB for
	// embeddings.
	MaxBytes int64
	// Failures in a row after which no call is made for Cooldown: 5 and 30 s.
	Failures int
	Cooldown time.Duration

	Log *slog.Logger
	// Transport makes the requests; nil means a new one of net/http.
	Transport http.RoundTripper
}

// Validate returns what is wrong with o, as the operator should read it.
func (o Options) Validate() error {
	if strings.TrimSpace(o.Model) == "" {
		return fmt.Errorf("no model name is given")
	}
	if o.BaseURL == "" {
		return nil
	}
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return fmt.Errorf("the base URL is not a URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("base URL %q does not begin with http:// or https://", u.Redacted())
	case u.User != nil:
		return fmt.Errorf("base URL %q holds a user or password: hand the key over by environment", u.Redacted())
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("base URL %q holds a query", u.Host+u.Path)
	}
	return nil
}

func (o Options) withDefaults(maxBytes int64) Options {
	setDefault(&o.BaseURL, DefaultBaseURL)
	setDefault(&o.Timeout, 60*time.Second)
	setDefault(&o.Connect, 5*time.Second)
	setDefault(&o.Retries, 2)
	setDefault(&o.Backoff, 500*time.Millisecond)
	setDefault(&o.MaxWait, 10*time.Second)
	setDefault(&o.MaxBytes, maxBytes)
	setDefault(&o.Failures, 5)
	setDefault(&o.Cooldown, 30*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Azure {
		setDefault(&o.APIVersion, "2024-10-21")
	}
	return o
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// client is one server and one model on it.
type client struct {
	o       Options
	host    string
	api     *goopenai.Client
	breaker *gobreaker.CircuitBreaker[struct{}]
	rest    rest
}

func newClient(o Options) (*client, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	u, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL is not a URL")
	}
	c := &client{o: o, host: u.Host}
	config := goopenai.DefaultConfig(o.Key)
	if o.Azure {
		config = goopenai.DefaultAzureConfig(o.Key, o.BaseURL)
		config.AzureModelMapperFunc = func(model string) string { return model }
	}
	config.BaseURL = o.BaseURL
	config.APIVersion = o.APIVersion
	config.EmptyMessagesLimit = 1 << 30 // our transport drops empty messages
	config.HTTPClient = &http.Client{
		Transport: &transport{o: o, next: baseTransport(o), secrets: c.secrets()},
		// A redirect would turn the POST into a GET of some page.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c.api = goopenai.NewClientWithConfig(config)
	c.breaker = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name:         o.Model,
		Timeout:      o.Cooldown,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return int(n.ConsecutiveFailures) >= o.Failures },
		IsSuccessful: func(err error) bool { return err == nil || !serverFault(err) },
		IsExcluded:   func(err error) bool { return kindOf(err) == KindCancelled },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			o.Log.Warn("circuit breaker", "host", c.host, "model", o.Model, "from", from.String(), "to", to.String())
		},
	})
	return c, nil
}

func baseTransport(o Options) http.RoundTripper {
	if o.Transport != nil {
		return o.Transport
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: o.Connect, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: o.Connect,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 8,
		IdleConnTimeout:     90 * time.Second,
	}
}

// secrets are the strings that no error and no log may hold.
func (c *client) secrets() []string {
	out := []string{c.o.Key}
	for _, v := range c.o.Headers {
		out = append(out, v, strings.TrimPrefix(v, "Bearer "))
	}
	return out
}
