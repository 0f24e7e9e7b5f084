// What sample/county.yaml, names.yaml and divisions.csv say, read strictly: an unknown key is an error.
using System.Globalization;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lizhou.Sample;

/// <summary>The sample county as its file describes it.</summary>
internal sealed class Plan
{
    public string Mark { get; init; } = "";

    public string City { get; init; } = "";

    /// <summary>Six digits of a division that does not exist.</summary>
    public string Prefix { get; init; } = "";

    public ulong Seed { get; init; }

    /// <summary>First and last day of everything that happens.</summary>
    public string First { get; init; } = "";

    public string Last { get; init; } = "";

    public Dictionary<string, SizePlan> Sizes { get; init; } = [];

    public FilesPlan Files { get; init; } = new();

    public Dictionary<string, List<string>> Kinds { get; init; } = [];

    public Dictionary<string, FormPlan> Forms { get; init; } = [];

    public List<DepartmentPlan> Departments { get; init; } = [];

    public DateOnly FirstDay => DateOnly.ParseExact(First, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public DateOnly LastDay => DateOnly.ParseExact(Last, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static Plan Read() => Yaml<Plan>("county.yaml");

    internal static T Yaml<T>(string resource)
    {
        using var text = Open(resource);
        return new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<T>(text);
    }

    internal static StreamReader Open(string resource) => new(typeof(Plan).Assembly.GetManifestResourceStream(resource)!);
}

/// <param name="Resources">Catalogue entries.</param>
/// <param name="Filled">How many of them get data.</param>
/// <param name="Rows">Rows over all of them.</param>
internal sealed record SizePlan
{
    public int Resources { get; init; }

    public int Filled { get; init; }

    public long Rows { get; init; }
}

/// <summary>How departments write their files.</summary>
internal sealed record FilesPlan
{
    /// <summary>Share of departments that send GB18030.</summary>
    public double Gb18030 { get; init; }

    /// <summary>Share of files with a title and a remark above the header.</summary>
    public double Preamble { get; init; }
}

/// <summary>A kind of table: what its rows look like and how dirty they are.</summary>
internal sealed record FormPlan
{
    public string Title { get; init; } = "";

    /// <summary>Its share of the rows, against the other forms.</summary>
    public int Weight { get; init; }

    public string Cycle { get; init; } = "";

    public string Sharing { get; init; } = "";

    public bool Open { get; init; }

    /// <summary>Only <c>duplicate</c>: share of rows that are sent twice.</summary>
    public Dictionary<string, double> Dirt { get; init; } = [];

    public List<ItemPlan> Items { get; init; } = [];
}

internal sealed record ItemPlan
{
    public string Name { get; init; } = "";

    public string Column { get; init; } = "";

    public string Type { get; init; } = "Text";

    public int? Length { get; init; }

    public int? Precision { get; init; }

    public int? Scale { get; init; }

    public bool Key { get; init; }

    public bool Required { get; init; }

    public string Level { get; init; } = "";

    public string Check { get; init; } = "None";

    public string? Format { get; init; }

    public List<string>? Codes { get; init; }

    public string? Meaning { get; init; }

    /// <summary>Which value: see <see cref="Makers"/>.</summary>
    public string Make { get; init; } = "";

    /// <summary>Shares of faults: see <see cref="DirtKind"/>.</summary>
    public Dictionary<string, double> Dirt { get; init; } = [];
}

internal sealed record DepartmentPlan
{
    public string Name { get; init; } = "";

    public List<string> Systems { get; init; } = [];

    public Dictionary<string, string> Subjects { get; init; } = [];
}
