// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/codepage.h"

#include "domain/codebucket.h"

#include <algorithm>
#include <array>

namespace brewline::http {

namespace {

struct Texts {
    std::string_view tag;
    std::string_view direction;
    std::string_view open;
    std::string_view paused;
    std::string_view closed;
    std::string_view full;
    std::string_view howTo; ///< what to do with the code
    std::string_view codeLabel;
    std::string_view menu;
    std::string_view soldOut;
    std::string_view expiredTitle;
    std::string_view expired;
};

constexpr std::array<Texts, 4> languages{{
    {"en", "ltr", "Open", "Taking a short break", "Closed", "As many orders as we can make just now",
     "Show this code at the ordering screen of the bar, or type it there.", "Your code", "On the menu", "sold out",
     "This code has run out", "Codes change every few minutes. Scan the one on the screen at the bar."},
    {"da", "ltr", "Åbent", "Kort pause", "Lukket", "Vi har lige nu så mange bestillinger, som vi kan nå",
     "Vis koden ved barens bestillingsskærm, eller tast den dér.", "Din kode", "På menuen", "udsolgt",
     "Koden er udløbet", "Koden skifter med få minutters mellemrum. Scan den på skærmen ved baren."},
    {"de", "ltr", "Geöffnet", "Kurze Pause", "Geschlossen", "Gerade so viele Bestellungen, wie wir schaffen",
     "Zeige diesen Code am Bestellbildschirm der Bar, oder tippe ihn dort ein.", "Dein Code", "Auf der Karte",
     "ausverkauft", "Dieser Code ist abgelaufen",
     "Der Code wechselt alle paar Minuten. Scanne den auf dem Bildschirm an der Bar."},
    {"ar", "rtl", "مفتوح", "استراحة قصيرة", "مغلق", "لدينا الآن أقصى عدد من الطلبات",
     "اعرض هذا الرمز على شاشة الطلب في البار أو اكتبه هناك.", "رمزك", "القائمة", "نفد", "انتهت صلاحية هذا الرمز",
     "يتغير الرمز كل بضع دقائق. امسح الرمز المعروض على الشاشة عند البار."},
}};

const Texts &textsOf(PageLanguage language)
{
    return languages[std::size_t(language)];
}

std::string escaped(std::string_view text)
{
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            html += c;
        }
    }
    return html;
}

constexpr std::string_view style = R"(<style>
:root{color-scheme:light dark;--bg:#fbf6ee;--card:#fff;--text:#2a1b12;--muted:#66523f;--line:#8c7765;--accent:#b23a0a}
@media(prefers-color-scheme:dark){:root{--bg:#17100b;--card:#241a13;--text:#fbf3e7;--muted:#cdbba8;--line:#8f7a68;--accent:#ff9e57}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:20px/1.45 Inter,"Noto Sans Arabic",system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:32px 24px}
h1{font-size:32px;line-height:1.2;margin:0 0 8px;overflow-wrap:anywhere}
.state{color:var(--muted);margin:0 0 24px}
.card{background:var(--card);border:2px solid var(--line);border-radius:16px;padding:24px;margin:0 0 24px}
.label{color:var(--muted);margin:0 0 8px}
.card p:last-child{margin-bottom:0}
.code{font-size:min(40px,7.8vw);font-weight:700;letter-spacing:.06em;font-variant-numeric:tabular-nums;color:var(--accent);margin:8px 0 16px;direction:ltr;text-align:center;white-space:nowrap}
ul{list-style:none;margin:0;padding:0}
li{padding:12px 0;border-top:2px solid color-mix(in srgb,var(--line) 30%,transparent)}
li:first-child{border-top:0}
.out{color:var(--muted)}
</style>)";

std::string page(const Texts &texts, std::string_view title, std::string_view main)
{
    std::string html = "<!doctype html>\n<html lang=\"";
    html += texts.tag;
    html += "\" dir=\"";
    html += texts.direction;
    html += "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            "<meta name=\"robots\" content=\"noindex\"><title>";
    html += escaped(title);
    html += "</title>";
    html += style;
    html += "</head><body><main>";
    html += main;
    html += "</main></body></html>\n";
    return html;
}

std::string_view stateText(const EventView &event, const Texts &texts)
{
    if (!event.open)
        return texts.closed;
    if (event.paused)
        return texts.paused;
    return event.full ? texts.full : texts.open;
}

std::string inLanguage(const std::string &name, const Translations &names, const Texts &texts)
{
    const auto translated = names.find(std::string(texts.tag));
    return translated == names.end() ? name : translated->second;
}

std::string menuList(const EventView &event, const Texts &texts)
{
    std::string list = "<section class=\"card\"><h2 class=\"label\" style=\"font-size:20px\">";
    list += texts.menu;
    list += "</h2><ul>";
    for (const MenuItemView &item : event.menu) {
        const std::string name = escaped(inLanguage(item.name, item.names, texts));
        list += item.available ? "<li>" + name : "<li class=\"out\"><s>" + name + "</s> " + std::string(texts.soldOut);
        list += "</li>";
    }
    return list + "</ul></section>";
}

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return lower;
}

} // namespace

PageLanguage pageLanguage(std::string_view acceptLanguage)
{
    while (!acceptLanguage.empty()) {
        const std::size_t comma = acceptLanguage.find(',');
        std::string_view tag = acceptLanguage.substr(0, comma);
        while (!tag.empty() && tag.front() == ' ')
            tag.remove_prefix(1);
        for (std::size_t i = 0; i < languages.size(); ++i) {
            const bool same = lowerCase(tag.substr(0, 2)) == languages[i].tag &&
                              (tag.size() == 2 || tag[2] == '-' || tag[2] == ';' || tag[2] == ' ');
            if (same)
                return PageLanguage(i);
        }
        acceptLanguage = comma == std::string_view::npos ? std::string_view() : acceptLanguage.substr(comma + 1);
    }
    return PageLanguage::English;
}

std::string codePageFor(const EventView &event, std::string_view code, PageLanguage language)
{
    const Texts &texts = textsOf(language);
    std::string main = "<h1>" + escaped(event.name) + "</h1><p class=\"state\">";
    main += stateText(event, texts);
    main += "</p>";
    if (const auto known = domain::normalizedCode(code); known && event.open) {
        main += "<section class=\"card\"><p class=\"label\">";
        main += texts.codeLabel;
        main += "</p><p class=\"code\">" + domain::spelledCode(*known) + "</p><p>";
        main += texts.howTo;
        main += "</p></section>";
    }
    main += menuList(event, texts);
    return page(texts, event.name, main);
}

std::string expiredCodePage(PageLanguage language)
{
    const Texts &texts = textsOf(language);
    return page(texts, texts.expiredTitle,
                "<h1>" + std::string(texts.expiredTitle) + "</h1><p>" + std::string(texts.expired) + "</p>");
}

} // namespace brewline::http
