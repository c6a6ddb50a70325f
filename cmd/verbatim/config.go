package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"verbatim/bot"
	"verbatim/internal/openai"
	"verbatim/internal/settings"
)

// config is what config.yaml says. config.example.yaml explains every key
// and holds the defaults.
type config struct {
	Data       string           `yaml:"data"`
	Answer     answerConfig     `yaml:"answer"`
	Model      modelConfig      `yaml:"model"`
	Embeddings embeddingsConfig `yaml:"embeddings"`
	Ingest     ingestConfig     `yaml:"ingest"`
	Discord    discordConfig    `yaml:"discord"`
	Log        logConfig        `yaml:"log"`
}

type answerConfig struct {
	Mode      string  `yaml:"mode"`
	Threshold float64 `yaml:"threshold"`
}

type modelConfig struct {
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
	Timeout        time.Duration     `yaml:"timeout"`
	DailyTokens    int64             `yaml:"daily_tokens"`
}

type embeddingsConfig struct {
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

type ingestConfig struct {
	MaxBytes int64 `yaml:"max_bytes"`
}

type discordConfig struct {
	APIURL         string           `yaml:"api_url"`
	ShardCount     string           `yaml:"shard_count"`
	Shards         string           `yaml:"shards"`
	DevGuild       string           `yaml:"dev_guild"`
	MessageContent bool             `yaml:"message_content"`
	ThreadMode     string           `yaml:"thread_mode"`
	Limits         discordRates     `yaml:"limits"`
	Retention      discordRetention `yaml:"retention"`
}

// discordRates are questions a minute, and what waits and is worked on.
type discordRates struct {
	User           int `yaml:"user"`
	Channel        int `yaml:"channel"`
	Server         int `yaml:"server"`
	Queue          int `yaml:"queue"`
	QueuePerServer int `yaml:"queue_per_server"`
	Workers        int `yaml:"workers"`
}

type discordRetention struct {
	FeedbackDays int `yaml:"feedback_days"`
}

type logConfig struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

func defaultConfig() config {
	return config{
		Model: modelConfig{
			BaseURL:        openai.DefaultBaseURL,
			Headers:        map[string]string{},
			TokenParameter: openai.TokenParamAuto,
			MaxTokens:      1200,
			ResponseFormat: string(openai.FormatSchema),
			Stream:         true,
			Timeout:        60 * time.Second,
		},
		Embeddings: embeddingsConfig{
			BaseURL:     openai.DefaultBaseURL,
			Headers:     map[string]string{},
			Batch:       64,
			Concurrency: 4,
			Timeout:     60 * time.Second,
		},
		Ingest: ingestConfig{MaxBytes: 20_000_000},
		Discord: discordConfig{
			ShardCount: "auto",
			ThreadMode: string(settings.ThreadOpen),
			Limits: discordRates{
				User: 12, Channel: 60, Server: 120, Queue: 1000, QueuePerServer: 100, Workers: 4,
			},
			Retention: discordRetention{FeedbackDays: 90},
		},
		Log: logConfig{Level: "warn", Format: "text"},
	}
}

// check returns an error that names the first key with a value that cannot be.
func (c *config) check() error {
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
			return fmt.Errorf("%s is %q; it may be %s", o.key, o.value, alternatives(o.allowed))
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

func (c *config) checkRest() error {
	switch {
	case !(c.Answer.Threshold >= 0 && c.Answer.Threshold < 1): // written so that NaN fails too
		return errors.New("answer.threshold must lie between 0 and 1")
	case !(c.Model.Temperature <= 2):
		return errors.New("model.temperature must lie between 0 and 2; a negative one is not sent")
	case c.Model.DailyTokens < 0:
		return errors.New("model.daily_tokens must not be negative; 0 means no cap")
	case c.Embeddings.Dimensions < 0:
		return errors.New("embeddings.dimensions must not be negative; 0 means what the model gives")
	case c.Discord.Retention.FeedbackDays < 0:
		return errors.New("discord.retention.feedback_days must not be negative; 0 means for ever")
	case c.Answer.Mode == "model" && c.Model.Name == "":
		return errors.New("answer.mode is model, but no model.name is given")
	}
	if _, err := c.Discord.shards(); err != nil {
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
			return fmt.Errorf("%s is %q, which is no http or https address", u.key, u.value)
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

// shards reads discord.shard_count and discord.shards.
func (d discordConfig) shards() (bot.Shards, error) {
	var s bot.Shards
	var err error
	if d.ShardCount != "auto" && d.ShardCount != "" {
		if s.Count, err = strconv.Atoi(d.ShardCount); err != nil || s.Count < 1 {
			return s, fmt.Errorf("discord.shard_count is %q; it may be auto or a number from 1", d.ShardCount)
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

// loadConfig reads the config from --config, else VERBATIM_CONFIG, else
// config.yaml in the user's config directory, else takes the defaults. Only
// the last file may be missing. It returns the path that was read, or "".
func (p *program) loadConfig(flag string) (config, string, error) {
	path, must := flag, true
	if path == "" {
		path = p.getenv("VERBATIM_CONFIG")
	}
	if path == "" {
		dir, err := p.configDir()
		if err != nil {
			return defaultConfig(), "", nil
		}
		path, must = filepath.Join(dir, "verbatim", "config.yaml"), false
	}
	data, err := readUpTo(path, maxConfig)
	if errors.Is(err, fs.ErrNotExist) && !must {
		return defaultConfig(), "", nil
	}
	if err != nil {
		return config{}, path, usagef("read the config: %w", err)
	}
	c, err := parseConfig(data)
	if err != nil {
		return config{}, path, usagef("config %s: %w", path, err)
	}
	return c, path, nil
}

// maxConfig is the largest config file that is read, in bytes.
const maxConfig = 1 << 20

// readUpTo returns what is in the file at path, or an error where that is
// more than limit bytes: a device may have no end.
func readUpTo(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", path, limit)
	}
	return data, err
}

// slogLevel returns the level that name names; check has seen it before.
func slogLevel(name string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(name)); err != nil {
		return slog.LevelWarn
	}
	return level
}
