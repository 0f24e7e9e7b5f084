// In: a contract or its text. Out: the other. Refuses keys the catalogue does not hold, anchors, and texts too long or too deep, with line and column.
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lizhou.Catalog.Contract;

internal static partial class ContractYaml
{
    private const int LongestText = 4 << 20;

    public static string Write(Odcs contract) => new SerializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
        .WithQuotingNecessaryStrings()
        .WithNewLine("\n")
        .DisableAliases()
        .Build().Serialize(contract);

    public static Result<Odcs> Read(string text)
    {
        if (text.Length > LongestText)
        {
            return Problems.ContractFaulty.With(1, 1, new Text("合约太长", "The contract is too long"));
        }

        try
        {
            if (PlainYaml.Hostile(text) is { } hostile)
            {
                return Problems.ContractFaulty.With(hostile.Line, hostile.Column, new Text("不能使用锚点，嵌套不得超过 {0} 层", "No anchors, and at most {0} levels").With(PlainYaml.Deepest));
            }

            var contract = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<Odcs?>(text);
            return contract is null ? Problems.ContractFaulty.With(1, 1, new Text("合约是空的", "The contract is empty")) : contract;
        }
        catch (YamlException fault)
        {
            var message = fault.InnerException?.Message ?? fault.Message;
            return Problems.ContractFaulty.With(fault.Start.Line, fault.Start.Column, Unknown().Match(message) is { Success: true } unknown
                ? new Text("目录不认识的键 {0}", "A key the catalogue does not hold: {0}").With(unknown.Groups[1].Value)
                : new Text("不能解析：{0}", "Cannot be read: {0}").With(message));
        }
    }

    [GeneratedRegex("Property '([^']+)' not found", RegexOptions.NonBacktracking)]
    private static partial Regex Unknown();
}
