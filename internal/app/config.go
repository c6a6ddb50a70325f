package app

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"verbatim/answer"
	"verbatim/internal/openai"
	"verbatim/internal/settings"
)

// Config is what config.yaml says. config.example.yaml explains every key and
// holds the defaults.
type Config struct {
	Data       string           `yaml:"data"`
	Answer     AnswerConfig     `yaml:"answer"`
	Model      ModelConfig      `yaml:"model"`
	Embeddings EmbeddingsConfig `yaml:"embeddings"`
	Ingest     IngestConfig     `yaml:"ingest"`
	Discord    DiscordConfig    `yaml:"discord"`
	Log        LogConfig        `yaml:"log"`
}

// AnswerConfig says how questions are answered.
type AnswerConfig struct {
	Mode      string  `yaml:"mode"`
	Threshold float64 `yaml:"threshold"`
	// Refuse is nil if it is not set: 0 never refuses.
	Refuse *float64 `yaml:"refuse"`
}

// threshold returns the threshold that counts.
func (c AnswerConfig) threshold() float64 {
	if c.Threshold == 0 {
		return answer.DefaultThreshold
	}
	return c.Threshold
}

// ModelConfig is the language model; without a name there is none.
type ModelConfig struct {
	Name           string            `yaml:"name"`
	BaseURL        string            `yaml:"base_url"`
	Azure          bool              `yaml:"azure"`
	APIVersion     string            `yaml:"api_version"`
	Headers        map[string]string `yaml:"headers"`
	TokenParameter string            `yaml:"token_parameter"`
	MaxTokens      int               `yaml:"max_tokens"`
	Temperature    float64           `yaml:"temperature"`
	ResponseFormat string            `yaml:"response_format"`
	Stream         bool              `yaml:"stream"`
	ExtraBody      map[string]any    `yaml:"extra_body"`
	Timeout        time.Duration     `yaml:"timeout"`
	DailyTokens    int64             `yaml:"daily_tokens"`
}

// EmbeddingsConfig is the embeddings server; without a model the built-in
// embeddings serve.
type EmbeddingsConfig struct {
	Model       string            `yaml:"model"`
	BaseURL     string            `yaml:"base_url"`
	Azure       bool              `yaml:"azure"`
	APIVersion  string            `yaml:"api_version"`
	Headers     map[string]string `yaml:"headers"`
	Dimensions  int               `yaml:"dimensions"`
	Prefix      string            `yaml:"prefix"`
	Batch       int               `yaml:"batch"`
	Concurrency int               `yaml:"concurrency"`
	Timeout     time.Duration     `yaml:"timeout"`
}

// IngestConfig limits what is ingested.
type IngestConfig struct {
	MaxBytes    int64 `yaml:"max_bytes"`    // of a file and of a JSON line
	MaxUnpacked int64 `yaml:"max_unpacked"` // of what is in a compressed file
	// UploadUnpacked is MaxUnpacked for what is uploaded on Discord.
	UploadUnpacked int64 `yaml:"upload_unpacked"`
}

// DiscordConfig is what the bot is told.
type DiscordConfig struct {
	APIURL         string           `yaml:"api_url"`
	ShardCount     string           `yaml:"shard_count"`
	Shards         string           `yaml:"shards"`
	DevGuild       string           `yaml:"dev_guild"`
	MessageContent bool             `yaml:"message_content"`
	ThreadMode     string           `yaml:"thread_mode"`
	Limits         DiscordRates     `yaml:"limits"`
	Retention      DiscordRetention `yaml:"retention"`
	Grace          time.Duration    `yaml:"grace"`
}

// DiscordRates limits the questions a minute of a user, a channel and a server,
// the questions that wait, and how many are answered at the same time.
type DiscordRates struct {
	User           int `yaml:"user"`
	Channel        int `yaml:"channel"`
	Server         int `yaml:"server"`
	Queue          int `yaml:"queue"`
	QueuePerServer int `yaml:"queue_per_server"`
	Workers        int `yaml:"workers"`
}

// DiscordRetention says for how many days what readers said is kept (0 means for
// ever), and the data of a server after the bot was removed from it.
type DiscordRetention struct {
	FeedbackDays int `yaml:"feedback_days"`
	RemovedDays  int `yaml:"removed_days"`
	// UnansweredDays is how long questions without an answer are kept; 0 keeps none.
	UnansweredDays int `yaml:"unanswered_days"`
}

// LogConfig says what is logged and how.
type LogConfig struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// DefaultConfig returns the configuration of an empty file.
func DefaultConfig() Config {
	return Config{
		Model: ModelConfig{
			BaseURL:        openai.DefaultBaseURL,
			Headers:        map[string]string{},
			TokenParameter: openai.TokenParamAuto,
			MaxTokens:      1200,
			ResponseFormat: string(openai.FormatSchema),
			Stream:         true,
			ExtraBody:      map[string]any{},
			Timeout:        60 * time.Second,
		},
		Embeddings: EmbeddingsConfig{
			BaseURL:     openai.DefaultBaseURL,
			Headers:     map[string]string{},
			Batch:       64,
			Concurrency: 4,
			Timeout:     60 * time.Second,
		},
		Ingest: IngestConfig{MaxBytes: 20_000_000, MaxUnpacked: 8_000_000_000, UploadUnpacked: 50_000_000},
		Discord: DiscordConfig{
			ShardCount: "auto",
			ThreadMode: string(settings.ThreadOpen),
			Limits: DiscordRates{
				User: 12, Channel: 60, Server: 120, Queue: 1000, QueuePerServer: 100, Workers: 4,
			},
			Retention: DiscordRetention{FeedbackDays: 90, RemovedDays: 7},
			Grace:     8 * time.Second,
		},
		Log: LogConfig{Level: "warn", Format: "text"},
	}
}

// Check returns an error that names the first key with an invalid value.
func (c *Config) Check() error {
	oneOf := []struct {
		key, value string
		allowed    []string
	}{
		{"answer.mode", c.Answer.Mode, []string{"", "extractive", "model"}},
		{"model.token_parameter", c.Model.TokenParameter, []string{"auto", "max_tokens", "max_completion_tokens", "none"}},
		{"model.response_format", c.Model.ResponseFormat, []string{"json_schema", "json_object", "text"}},
		{"discord.thread_mode", c.Discord.ThreadMode, []string{"thread", "reply", "none"}},
		{"log.level", c.Log.Level, []string{"debug", "info", "warn", "error"}},
		{"log.format", c.Log.Format, []string{"text", "json"}},
	}
	for _, o := range oneOf {
		if !slices.Contains(o.allowed, o.value) {
			return fmt.Errorf("%s is %q; it must be %s", o.key, o.value, alternatives(o.allowed))
		}
	}
	positive := []struct {
		key   string
		value int64
	}{
		{"model.max_tokens", int64(c.Model.MaxTokens)},
		{"model.timeout", int64(c.Model.Timeout)},
		{"embeddings.batch", int64(c.Embeddings.Batch)},
		{"embeddings.concurrency", int64(c.Embeddings.Concurrency)},
		{"embeddings.timeout", int64(c.Embeddings.Timeout)},
		{"ingest.max_bytes", c.Ingest.MaxBytes},
		{"ingest.max_unpacked", c.Ingest.MaxUnpacked},
		{"ingest.upload_unpacked", c.Ingest.UploadUnpacked},
		{"discord.limits.user", int64(c.Discord.Limits.User)},
		{"discord.limits.channel", int64(c.Discord.Limits.Channel)},
		{"discord.limits.server", int64(c.Discord.Limits.Server)},
		{"discord.limits.queue_per_server", int64(c.Discord.Limits.QueuePerServer)},
		{"discord.limits.queue", int64(c.Discord.Limits.Queue)},
		{"discord.limits.workers", int64(c.Discord.Limits.Workers)},
	}
	for _, p := range positive {
		if p.value <= 0 {
			return fmt.Errorf("%s must be more than 0", p.key)
		}
	}
	return c.checkRest()
}

func (c *Config) checkRest() error {
	switch {
	case !(c.Answer.Threshold >= 0 && c.Answer.Threshold < 1): // written so that NaN fails too
		return errors.New("answer.threshold must be between 0 and 1")
	case c.Answer.Refuse != nil && !(*c.Answer.Refuse >= 0 && *c.Answer.Refuse < 1):
		return errors.New("answer.refuse must be between 0 and 1; 0 never refuses")
	case c.Answer.Refuse != nil && *c.Answer.Refuse > c.Answer.threshold():
		return fmt.Errorf("answer.refuse must not be above answer.threshold (%g)", c.Answer.threshold())
	case !(c.Model.Temperature <= 2):
		return errors.New("model.temperature must be between 0 and 2; a negative one is not sent")
	case c.Model.DailyTokens < 0:
		return errors.New("model.daily_tokens must not be negative; 0 means no cap")
	case c.Embeddings.Dimensions < 0:
		return errors.New("embeddings.dimensions must not be negative; 0 means what the model gives")
	case c.Discord.Retention.FeedbackDays < 0:
		return errors.New("discord.retention.feedback_days must not be negative; 0 means for ever")
	case c.Discord.Retention.RemovedDays < 1:
		return errors.New("discord.retention.removed_days must be at least 1")
	case c.Discord.Retention.UnansweredDays < 0:
		return errors.New("discord.retention.unanswered_days must not be negative; 0 keeps none")
	case c.Discord.Grace <= 0:
		return errors.New("discord.grace must be longer than 0s")
	case c.Answer.Mode == "model" && c.Model.Name == "":
		return errors.New("answer.mode is model, but no model.name is given")
	}
	if _, err := c.Discord.ShardRange(); err != nil {
		return err
	}
	urls := []struct{ key, value string }{
		{"model.base_url", c.Model.BaseURL},
		{"embeddings.base_url", c.Embeddings.BaseURL},
		{"discord.api_url", c.Discord.APIURL},
	}
	for _, u := range urls {
		if u.value == "" && u.key == "discord.api_url" {
			continue
		}
		parsed, err := url.Parse(u.value)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			return fmt.Errorf("%s is %q, which is not an http or https address", u.key, u.value)
		}
		if parsed.User != nil {
			return fmt.Errorf("%s holds a user name or password; secrets come from the environment only", u.key)
		}
	}
	for key, headers := range map[string]map[string]string{"model.headers": c.Model.Headers, "embeddings.headers": c.Embeddings.Headers} {
		for name := range headers {
			if strings.EqualFold(name, "authorization") || strings.EqualFold(name, "api-key") {
				return fmt.Errorf("%s holds %s; secrets come from the environment only", key, name)
			}
		}
	}
	return nil
}

// Shards are the gateway shards of a process: From to To (exclusive) of Count.
// Count 0 lets Discord decide; To 0 means all.
type Shards struct {
	Count, From, To int
}

// ShardRange reads discord.shard_count and discord.shards.
func (d DiscordConfig) ShardRange() (Shards, error) {
	var s Shards
	var err error
	if d.ShardCount != "auto" && d.ShardCount != "" {
		if s.Count, err = strconv.Atoi(d.ShardCount); err != nil || s.Count < 1 {
			return s, fmt.Errorf("discord.shard_count is %q; it must be auto or a number from 1", d.ShardCount)
		}
	}
	if d.Shards == "" {
		return s, nil
	}
	from, to, isRange := strings.Cut(d.Shards, "-")
	if !isRange {
		to = from
	}
	last := 0
	s.From, err = strconv.Atoi(strings.TrimSpace(from))
	if err == nil {
		last, err = strconv.Atoi(strings.TrimSpace(to))
	}
	s.To = last + 1
	if err != nil || s.From < 0 || last < s.From || last >= s.Count {
		return s, fmt.Errorf("discord.shards is %q; it is the first and the last shard of this process, such as 0-3, and needs a discord.shard_count above the last", d.Shards)
	}
	return s, nil
}

func alternatives(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		if quoted[i] = v; v == "" {
			quoted[i] = `""`
		}
	}
	if len(quoted) == 1 {
		return quoted[0]
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}
