package openapi_test

import (
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/bwmarrin/discordgo"

	"verbatim/bot/discordtest"
	"verbatim/bot/discordtest/openapi"
)

// collector gathers reports.
type collector struct {
	mu   sync.Mutex
	list []string
}

func (c *collector) add(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, err.Error())
}

func (c *collector) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

func TestRequestsOfDiscordgo(t *testing.T) {
	file := os.Getenv("VERBATIM_OPENAPI")
	if file == "" {
		t.Skip("VERBATIM_OPENAPI does not name Discord's OpenAPI document")
	}
	spec, err := openapi.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	srv, err := discordtest.New(discordtest.Options{Guilds: []discordtest.Guild{{ID: "100000000000000000", Name: "g",
		Channels: []discordtest.Channel{{ID: "200000000000000000", Name: "general"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	ses, err := discordgo.New("Bot " + srv.Token())
	if err != nil {
		t.Fatal(err)
	}
	var wrong collector
	ses.Client = &http.Client{Transport: spec.Transport(srv.Transport(nil), wrong.add)}
	const channel, guild = "200000000000000000", "100000000000000000"
	app := srv.BotUser().ID
	none := &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
	button := func(id string) discordgo.MessageComponent {
		return discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: "b", CustomID: id, Style: discordgo.PrimaryButton}}}
	}
	call := srv.NewCall(discordtest.Invocation{GuildID: guild, ChannelID: channel}, discordtest.KindCommand, nil, nil)
	inter := &discordgo.Interaction{ID: call.ID, Token: call.Token, AppID: app}
	text := "x"
	for _, c := range []struct {
		name, wrong string
		do          func() error
	}{
		{"message", "", func() error {
			_, err := ses.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: "x", AllowedMentions: none, Components: []discordgo.MessageComponent{button("1"), button("2")}})
			return err
		}},
		{"file", "", func() error {
			_, err := ses.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: "x", AllowedMentions: none,
				Files: []*discordgo.File{{Name: "a.txt", Reader: strings.NewReader("a")}}})
			return err
		}},
		{"long", "content has 2001 runes", func() error {
			_, err := ses.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: strings.Repeat("x", 2001), AllowedMentions: none})
			return err
		}},
		{"twice", "used twice", func() error {
			_, err := ses.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: "x", AllowedMentions: none, Components: []discordgo.MessageComponent{button("1"), button("1")}})
			return err
		}},
		{"label", "label", func() error {
			_, err := ses.ChannelMessageSendComplex(channel, &discordgo.MessageSend{Content: "x", AllowedMentions: none, Components: []discordgo.MessageComponent{
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: strings.Repeat("x", 81), CustomID: "1", Style: discordgo.PrimaryButton}}}}})
			return err
		}},
		{"command", "", func() error {
			_, err := ses.ApplicationCommandCreate(app, guild, &discordgo.ApplicationCommand{Name: "ask", Description: "Asks"})
			return err
		}},
		{"command list", "", func() error { _, err := ses.ApplicationCommands(app, guild); return err }},
		{"defer", "", func() error {
			return ses.InteractionRespond(inter, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource})
		}},
		{"edit", "", func() error {
			_, err := ses.InteractionResponseEdit(inter, &discordgo.WebhookEdit{Content: &text, AllowedMentions: none})
			return err
		}},
		{"follow-up", "", func() error {
			_, err := ses.FollowupMessageCreate(inter, true, &discordgo.WebhookParams{Content: text, AllowedMentions: none})
			return err
		}},
		{"typing", "", func() error { return ses.ChannelTyping(channel) }},
		{"no route", "no such route", func() error { _, err := ses.Request("GET", discordgo.EndpointAPI+"nonsense", nil); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.do(); err != nil && c.wrong == "" {
				t.Error(err)
			}
			got := strings.Join(wrong.take(), "\n")
			if c.wrong == "" && got != "" || c.wrong != "" && !strings.Contains(strings.ToLower(got), c.wrong) {
				t.Errorf("reported %q, want %q", got, c.wrong)
			}
		})
	}
}
