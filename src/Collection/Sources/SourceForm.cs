// In: the posted fields of the edit page. Out: a source entry with typed settings. Empty fields are nulls; wrong numbers become faults, not guesses.
using System.Globalization;
using Lizhou.Collection.Batches;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Collection.Sources;

internal static class SourceForm
{
    /// <param name="before">The source as it stands; null for a new one.</param>
    public static SourceEntry Read(IFormCollection form, Way way, Source? before) => new(
        before?.Code ?? Text(form, "code") ?? "", Text(form, "name") ?? "", Text(form, "resource") ?? "", before?.System, Settings(form, way),
        Enum.TryParse<DriftPolicy>(form["drift"], out var drift) ? drift : DriftPolicy.Refuse, Schedule(form), Secret(form), null, Mapping(form));

    /// <summary>An empty field keeps the secret; the box removes it.</summary>
    private static string? Secret(IFormCollection form) => form["forget"] == "1" ? "" : Text(form, "secret");

    private static WaySettings Settings(IFormCollection form, Way way) => way switch
    {
        Way.Folder => new FolderSettings(Number(form, "stable", 5)),
        Way.Push => new PushSettings(Number(form, "group", 10)),
        Way.Database => Database(form),
        Way.Api => Api(form),
        _ => new UploadSettings(),
    };

    private static DatabaseSettings Database(IFormCollection form)
    {
        var kind = Choice(form, "kind", DatabaseKind.PostgreSql);

        // The table is chosen from a list; its value holds schema and name, kept apart by a character no name has.
        var table = Text(form, "table")?.Split('\u001f', 2);
        return new(
            kind, kind == DatabaseKind.Sqlite ? null : Text(form, "host"), Number(form, "port", kind == DatabaseKind.MySql ? 3306 : 5432), Text(form, "database") ?? "", Text(form, "user"),
            Choice(form, "tls", Tls.Required), table is [{ Length: > 0 } schema, _] ? schema : null, table is [_, var name] ? name : null, Choice(form, "mode", PullMode.Full), Text(form, "mark"),
            Number(form, "overlap", 10), Number(form, "timeout", 1800));
    }

    private static ApiSettings Api(IFormCollection form) => new(
        Text(form, "url") ?? "", Text(form, "secretHeader"), Text(form, "records") ?? "", Choice(form, "paging", Paging.Single), Text(form, "pageParameter") ?? "", Text(form, "sizeParameter"),
        Number(form, "size", 100), Number(form, "first", 1), Text(form, "next"), Text(form, "sinceParameter"), Text(form, "sinceField"), Number(form, "mostPages", 10_000),
        Number(form, "perMinute", 120), Number(form, "timeout", 60));

    private static Schedule? Schedule(IFormCollection form) => Text(form, "cron") is { } cron
        ? new(cron, form["workdays"] == "1", form["monthEnd"] == "1", Time(form, "notBefore"), Time(form, "notAfter"))
        : null;

    private static Dictionary<string, string>? Mapping(IFormCollection form)
    {
        var mapping = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; form.TryGetValue($"column.{i}", out var column); i++)
        {
            mapping[column.ToString()] = form[$"item.{i}"].ToString();
        }

        return mapping.Count > 0 ? mapping : null;
    }

    private static string? Text(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    private static int Number(IFormCollection form, string name, int otherwise) =>
        Text(form, name) is not { } text ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static T Choice<T>(IFormCollection form, string name, T otherwise)
        where T : struct, Enum => Enum.TryParse<T>(form[name], out var choice) ? choice : otherwise;

    private static TimeOnly? Time(IFormCollection form, string name) =>
        TimeOnly.TryParse(form[name], CultureInfo.InvariantCulture, out var time) ? time : null;
}
