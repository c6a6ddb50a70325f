package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// Command is a command as it is registered with Discord. It is our own type so that
// what Discord says back can be compared with it field by field.
type Command struct {
	ID            string          `json:"id,omitempty"`
	Type          int             `json:"type"`
	Name          string          `json:"name"`
	Description   string          `json:"description"`
	Options       []CommandOption `json:"options,omitempty"`
	Permissions   *BitSet         `json:"default_member_permissions"`
	Contexts      []int           `json:"contexts,omitempty"`
	Installations []int           `json:"integration_types,omitempty"`
	// Localized names were registered by earlier versions. They are read so that
	// such a command differs from its present form, and is written again.
	Localized map[string]string `json:"name_localizations,omitempty"`
}

// BitSet is a set of permissions. Discord's document wants a number, and
// Discord answers with a string of digits.
type BitSet uint64

// UnmarshalJSON reads both.
func (b *BitSet) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(raw), `"`), 10, 64)
	*b = BitSet(n)
	return err
}

// CommandOption is an option of a command, or a subcommand with options of its own.
type CommandOption struct {
	Type         int             `json:"type"`
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	Required     bool            `json:"required,omitempty"`
	Autocomplete bool            `json:"autocomplete,omitempty"`
	Min          *int            `json:"min_value,omitempty"`
	Max          *int            `json:"max_value,omitempty"`
	MaxLength    int             `json:"max_length,omitempty"`
	ChannelTypes []int           `json:"channel_types,omitempty"`
	Choices      []CommandChoice `json:"choices,omitempty"`
	Options      []CommandOption `json:"options,omitempty"`
}

// CommandChoice is a value that an option offers.
type CommandChoice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const (
	CommandChat    = int(discordgo.ChatApplicationCommand)
	CommandMessage = int(discordgo.MessageApplicationCommand)

	OptionSub     = int(discordgo.ApplicationCommandOptionSubCommand)
	OptionGroup   = int(discordgo.ApplicationCommandOptionSubCommandGroup)
	OptionString  = int(discordgo.ApplicationCommandOptionString)
	OptionInteger = int(discordgo.ApplicationCommandOptionInteger)
	OptionBool    = int(discordgo.ApplicationCommandOptionBoolean)
	OptionChannel = int(discordgo.ApplicationCommandOptionChannel)
	OptionRole    = int(discordgo.ApplicationCommandOptionRole)
	OptionFile    = int(discordgo.ApplicationCommandOptionAttachment)
)

// CommandsPath is where the commands of an application are, or those of one server
// alone, with the same path without ids.
func CommandsPath(application, server string) (path, route string) {
	path, route = "/applications/"+url.PathEscape(application), "/applications/*"
	if server != "" {
		path, route = path+"/guilds/"+url.PathEscape(server), route+"/guilds/*"
	}
	return path + "/commands", route + "/commands"
}

// Commands returns what Discord knows, by key.
func (a *Client) Commands(ctx context.Context, path, route string) (map[string]Command, error) {
	var list []Command
	err := a.Do(ctx, Call{Method: http.MethodGet, Path: path + "?with_localizations=true", Route: route, Again: true}, &list)
	if err != nil {
		return nil, err
	}
	known := make(map[string]Command, len(list))
	for _, c := range list {
		known[Key(c)] = c
	}
	return known, nil
}

// Key is what Discord tells commands apart by.
func Key(c Command) string { return fmt.Sprint(c.Type, " ", c.Name) }

// Same reports whether Discord knows a command as it is here. Both go
// through JSON, so that nil and empty do not differ.
func Same(old, now Command) bool {
	old.ID = ""
	var a, b any
	return roundTrip(old, &a) && roundTrip(now, &b) && reflect.DeepEqual(a, b)
}

func roundTrip(c Command, into *any) bool {
	raw, err := json.Marshal(c)
	return err == nil && json.Unmarshal(raw, into) == nil
}

// Everywhere are the places where a command can be used: servers and direct
// messages with the bot.
func Everywhere() []int {
	return []int{int(discordgo.InteractionContextGuild), int(discordgo.InteractionContextBotDM)}
}

// InServers is the place of a command that works in servers alone.
func InServers() []int { return []int{int(discordgo.InteractionContextGuild)} }

// ServerInstall says that the bot is added to servers, not to users.
func ServerInstall() []int { return []int{int(discordgo.ApplicationIntegrationGuildInstall)} }
